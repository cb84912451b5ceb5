"""Who the product is at the embedded database: a role that owns its database, and may do no more.

The superuser that `initdb` makes prepares that at each start. Earlier releases connected as it, so that all
of theirs is handed over, and what one of them writes when it is started again.
"""

SUPERUSER = "skillhub"  # as earlier releases named it
OWNER = "skillhub_owner"
DATABASE = "skillhub"

# Sequences of columns follow their tables, and the parts of an extension stay with it ('a', 'i' and 'e').
_HAND_OVER = """
do $$
declare
    statement text;
begin
    for statement in
        select format('alter table %s owner to skillhub_owner', oid::regclass) from pg_class as found
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')
                and relowner <> 'skillhub_owner'::regrole and not exists (
                    select from pg_depend where classid = 'pg_class'::regclass and objid = found.oid
                        and deptype in ('a', 'i', 'e'))
        union all
        select format('alter routine %s owner to skillhub_owner', oid::regprocedure) from pg_proc as found
            where pronamespace = 'public'::regnamespace and proowner <> 'skillhub_owner'::regrole
                and not exists (select from pg_depend
                    where classid = 'pg_proc'::regclass and objid = found.oid
                    and deptype = 'e')
    loop
        execute statement;
    end loop;
end $$
"""


def prepare_database(server: str) -> None:
    """Make role, database and extension where they are missing; SERVER is its address without a database."""
    import psycopg

    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        if not connection.execute("select 1 from pg_roles where rolname = %s", [OWNER]).fetchone():
            connection.execute(f"create role {OWNER} login")
        owned = connection.execute(
            "select datdba::regrole::text from pg_database where datname = %s", [DATABASE]
        ).fetchone()
        if owned is None:
            connection.execute(f"create database {DATABASE} owner {OWNER}")
        elif owned[0] != OWNER:
            connection.execute(f"alter database {DATABASE} owner to {OWNER}")
    with psycopg.connect(f"{server} dbname={DATABASE}", autocommit=True) as connection:
        # Only a superuser may: pgvector is no trusted extension.
        connection.execute("create extension if not exists vector")
        connection.execute(_HAND_OVER)
