--
-- PostgreSQL database dump
--




--
-- Name: vector; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;


--
-- Name: skills_lets_authors_judge(bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.skills_lets_authors_judge(of_version bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return exists (
        select from skills_version version
        join skills_skill skill on skill.id = version.skill_id
        join skills_policy policy on policy.team_id = skill.team_id
        where version.id = of_version and policy.self_approval and skill.visibility = 'team');
end $$;


--
-- Name: skills_note_spending(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.skills_note_spending() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if tg_op <> 'INSERT' then
        if old.state in ('settled', 'lost', 'reported') and old.ended_at is not null then
            insert into skills_spendingchange (
    account_id, team_id, token_id, skill_id, version_id, agent, role, model, run_id, session, ended_at,
    calls, lost, unpriced, tokens, micros, input_tokens, cached_tokens, written_tokens, output_tokens
) values (old.account_id, old.team_id, old.token_id, old.skill_id, old.version_id, old.agent, old.role, old.model, old.run_id, old.session, old.ended_at, -1, -(old.state = 'lost')::int, -(old.used_micros is null)::int, -coalesce(old.used_tokens, 0), -coalesce(old.used_micros, 0), -old.input_tokens, -old.cached_tokens, -old.written_tokens, -old.output_tokens);
        end if;
    end if;
    if tg_op <> 'DELETE' then
        if new.state in ('settled', 'lost', 'reported') and new.ended_at is not null then
            insert into skills_spendingchange (
    account_id, team_id, token_id, skill_id, version_id, agent, role, model, run_id, session, ended_at,
    calls, lost, unpriced, tokens, micros, input_tokens, cached_tokens, written_tokens, output_tokens
) values (new.account_id, new.team_id, new.token_id, new.skill_id, new.version_id, new.agent, new.role, new.model, new.run_id, new.session, new.ended_at, 1, (new.state = 'lost')::int, (new.used_micros is null)::int, coalesce(new.used_tokens, 0), coalesce(new.used_micros, 0), new.input_tokens, new.cached_tokens, new.written_tokens, new.output_tokens);
        end if;
    end if;
    return null;
end $$;


--
-- Name: skills_number_key(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.skills_number_key(version text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT COST 1000 PARALLEL SAFE
    RETURN ((SELECT string_agg((lpad((length(core.part))::text, 2, '0'::text) || core.part), ''::text ORDER BY core.place) AS string_agg FROM unnest(string_to_array(split_part(skills_number_key.version, '-'::text, 1), '.'::text)) WITH ORDINALITY core(part, place)) || CASE WHEN (strpos(version, '-'::text) = 0) THEN '~'::text ELSE (SELECT string_agg(CASE WHEN (prerelease.part ~ '^[0-9]+$'::text) THEN (('0'::text || lpad((length(prerelease.part))::text, 2, '0'::text)) || prerelease.part) ELSE ('1'::text || prerelease.part) END, ' '::text ORDER BY prerelease.place) AS string_agg FROM unnest(string_to_array(substr(skills_number_key.version, (strpos(skills_number_key.version, '-'::text) + 1)), '.'::text)) WITH ORDINALITY prerelease(part, place)) END);


--
-- Name: skills_refuse(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.skills_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception using message = tg_argv[0], errcode = 'restrict_violation';
end $$;


--
-- Name: skills_stake(bigint, bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.skills_stake(of_version bigint, of_account bigint) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return (
        select case
            when version.author_id = of_account then 'author'
            when version.responsible_id = of_account then 'responsible'
            when author.service_of_id is not null and (
                author.created_by_id = of_account
                or exists (
                    select from skills_membership admin
                    where admin.team_id = author.service_of_id and admin.account_id = of_account
                        and admin.role = 'admin'))
                then 'administers'
            
            when exists (
                select from skills_provenance provenance
                where provenance.version_id = version.id and of_account = any(provenance.answerable))
                then 'source'

            when exists (
                select from skills_version other left join skills_provenance brought on brought.version_id = other.id
                where other.skill_id = version.skill_id and other.number = version.number
                    and (of_account in (other.author_id, other.responsible_id) or of_account = any(brought.answerable)))
                then 'attempt'
            when exists (
                select from skills_version other left join skills_provenance brought on brought.version_id = other.id
                where other.digest = version.digest and (of_account in (other.author_id, other.responsible_id) or of_account = any(brought.answerable)))
                then 'bytes'
        end
        from skills_version version join skills_account author on author.id = version.author_id
        where version.id = of_version);
end $$;


--
-- Name: skills_version_is_removed(bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.skills_version_is_removed(version_id bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
    return coalesce((select state = 'removed' from skills_version where id = version_id), false);
end $$;




--
-- Name: account_emailaddress; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id bigint NOT NULL
);


--
-- Name: account_emailaddress_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: account_emailconfirmation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);


--
-- Name: account_emailconfirmation_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_group; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);


--
-- Name: auth_group_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_group_permissions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);


--
-- Name: auth_group_permissions_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_permission; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);


--
-- Name: auth_permission_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: django_content_type; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);


--
-- Name: django_content_type_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: django_migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);


--
-- Name: django_migrations_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: django_session; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);


--
-- Name: mfa_authenticator; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);


--
-- Name: mfa_authenticator_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_account; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_account (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    date_joined timestamp with time zone NOT NULL,
    username character varying(40) NOT NULL,
    email character varying(254) NOT NULL,
    display_name character varying(80) NOT NULL,
    is_auditor boolean NOT NULL,
    is_demo boolean NOT NULL,
    service_of_id bigint,
    session_round integer NOT NULL,
    created_by_id bigint,
    CONSTRAINT service_accounts_hold_no_office CHECK (((service_of_id IS NULL) OR ((NOT is_auditor) AND (NOT is_staff)))),
    CONSTRAINT skills_account_session_round_check CHECK ((session_round >= 0))
);


--
-- Name: skills_account_groups; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_account_groups (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    group_id integer NOT NULL
);


--
-- Name: skills_account_groups_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_account_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_account_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_account_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_account ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_account_user_permissions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_account_user_permissions (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    permission_id integer NOT NULL
);


--
-- Name: skills_account_user_permissions_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_account_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_account_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_auditcheckpoint; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_auditcheckpoint (
    id bigint NOT NULL,
    size bigint NOT NULL,
    peaks jsonb NOT NULL,
    note text NOT NULL,
    signed_at timestamp with time zone NOT NULL
);


--
-- Name: skills_auditcheckpoint_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_auditcheckpoint ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_auditcheckpoint_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_budget; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_budget (
    id bigint NOT NULL,
    "window" character varying(10) NOT NULL,
    limit_tokens bigint,
    limit_micros bigint,
    soft_percent smallint DEFAULT 80 NOT NULL,
    hard boolean NOT NULL,
    account_id bigint,
    team_id bigint,
    time_zone character varying(60) DEFAULT 'UTC'::character varying NOT NULL,
    starts_on smallint DEFAULT 1 NOT NULL,
    marks smallint[] DEFAULT '{50,80,100}'::smallint[] NOT NULL,
    token_id bigint,
    model character varying(60) DEFAULT ''::character varying NOT NULL,
    each character varying(10) DEFAULT ''::character varying NOT NULL,
    ceiling_tokens bigint,
    ceiling_micros bigint,
    follows_default boolean DEFAULT false NOT NULL,
    CONSTRAINT budget_of_a_model_is_a_team_s CHECK ((((model)::text = ''::text) OR ((account_id IS NULL) AND ((each)::text = ''::text) AND (team_id IS NOT NULL)))),
    CONSTRAINT budget_of_a_token_has_one_owner CHECK (((token_id IS NULL) OR ((account_id IS NULL) AND (team_id IS NULL)))),
    CONSTRAINT budget_of_each_is_somebody_s CHECK ((((each)::text = ''::text) OR ((account_id IS NULL) AND (NOT ((account_id IS NULL) AND (team_id IS NULL) AND (token_id IS NULL)))))),
    CONSTRAINT skills_budget_ceiling_micros_check CHECK ((ceiling_micros >= 0)),
    CONSTRAINT skills_budget_ceiling_tokens_check CHECK ((ceiling_tokens >= 0)),
    CONSTRAINT skills_budget_limit_micros_check CHECK ((limit_micros >= 0)),
    CONSTRAINT skills_budget_limit_tokens_check CHECK ((limit_tokens >= 0)),
    CONSTRAINT skills_budget_soft_percent_check CHECK ((soft_percent >= 0)),
    CONSTRAINT skills_budget_starts_on_check CHECK ((starts_on >= 0)),
    CONSTRAINT soft_mark_is_a_percentage CHECK (((soft_percent >= 1) AND (soft_percent <= 100)))
);


--
-- Name: skills_budget_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_budget ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_budget_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_budgetwebhook; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_budgetwebhook (
    id bigint NOT NULL,
    address character varying(300) NOT NULL,
    secret bytea NOT NULL,
    last_at timestamp with time zone,
    last_answer character varying(200) DEFAULT ''::character varying NOT NULL,
    last_arrived boolean DEFAULT false NOT NULL,
    budget_id bigint NOT NULL
);


--
-- Name: skills_budgetwebhook_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_budgetwebhook ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_budgetwebhook_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_callgroup; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_callgroup (
    id bigint NOT NULL,
    account_id bigint,
    team_id bigint,
    token_id bigint,
    skill_id bigint,
    version_id bigint,
    agent character varying(60) NOT NULL,
    role character varying(10) NOT NULL,
    calls bigint NOT NULL,
    lost bigint NOT NULL,
    unpriced bigint NOT NULL,
    tokens bigint NOT NULL,
    micros bigint NOT NULL,
    input_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    written_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    run_id bigint,
    session character varying(120) NOT NULL,
    day date,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL
);


--
-- Name: skills_callgroup_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_callgroup ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_callgroup_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_callkeeping; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_callkeeping (
    id bigint NOT NULL,
    days smallint NOT NULL,
    next_days smallint,
    begins_at timestamp with time zone,
    team_id bigint NOT NULL,
    CONSTRAINT skills_callkeeping_days_check CHECK ((days >= 0)),
    CONSTRAINT skills_callkeeping_next_days_check CHECK ((next_days >= 0))
);


--
-- Name: skills_callkeeping_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_callkeeping ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_callkeeping_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_casedraft; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_casedraft (
    id bigint NOT NULL,
    source character varying(10) NOT NULL,
    state character varying(10) NOT NULL,
    problem character varying(500) NOT NULL,
    rows jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    model_id bigint NOT NULL,
    requested_by_id bigint NOT NULL,
    trial_id bigint,
    version_id bigint NOT NULL
);


--
-- Name: skills_casedraft_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_casedraft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_casedraft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_casewaiver; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_casewaiver (
    id bigint NOT NULL,
    "case" character varying(64) NOT NULL,
    label character varying(200) NOT NULL,
    reason character varying(500) NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint NOT NULL,
    skill_id bigint NOT NULL
);


--
-- Name: skills_casewaiver_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_casewaiver ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_casewaiver_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_channel; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_channel (
    id bigint NOT NULL,
    name character varying(32) NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    skill_id bigint NOT NULL,
    version_id bigint NOT NULL,
    CONSTRAINT latest_is_computed CHECK ((NOT ((name)::text = 'latest'::text)))
);


--
-- Name: skills_channel_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_channel ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_channel_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_comment; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_comment (
    id bigint NOT NULL,
    path character varying(255) NOT NULL,
    line integer NOT NULL,
    body character varying(5000) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    author_id bigint NOT NULL,
    resolved_by_id bigint,
    version_id bigint NOT NULL,
    base_id bigint,
    edited_at timestamp with time zone,
    first_line integer DEFAULT 0 NOT NULL,
    parent_id bigint,
    rendered text DEFAULT ''::text NOT NULL,
    CONSTRAINT skills_comment_first_line_check CHECK ((first_line >= 0)),
    CONSTRAINT skills_comment_line_check CHECK ((line >= 0))
);


--
-- Name: skills_comment_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_comment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_comment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_commentdraft; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_commentdraft (
    id bigint NOT NULL,
    path character varying(255) NOT NULL,
    first_line integer DEFAULT 0 NOT NULL,
    line integer NOT NULL,
    body character varying(5000) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    author_id bigint NOT NULL,
    base_id bigint,
    parent_id bigint,
    version_id bigint NOT NULL,
    CONSTRAINT skills_commentdraft_first_line_check CHECK ((first_line >= 0)),
    CONSTRAINT skills_commentdraft_line_check CHECK ((line >= 0))
);


--
-- Name: skills_commentdraft_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_commentdraft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_commentdraft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_cumulativeseries; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_cumulativeseries (
    id bigint NOT NULL,
    key character varying(64) NOT NULL,
    value double precision NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL
);


--
-- Name: skills_cumulativeseries_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_cumulativeseries ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_cumulativeseries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_damagedblob; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_damagedblob (
    digest character varying(64) NOT NULL,
    kind character varying(10) NOT NULL,
    found_at timestamp with time zone NOT NULL,
    looked_at timestamp with time zone NOT NULL
);


--
-- Name: skills_decision; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_decision (
    id bigint NOT NULL,
    verdict character varying(20) NOT NULL,
    digest character varying(71) NOT NULL,
    reason character varying(2000) NOT NULL,
    self_approval_allowed boolean NOT NULL,
    approvals_needed smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    author_id bigint NOT NULL,
    reviewer_id bigint NOT NULL,
    version_id bigint NOT NULL,
    responsible_id bigint NOT NULL,
    base_id bigint,
    CONSTRAINT four_eyes CHECK (((NOT ((verdict)::text = 'approve'::text)) OR ((NOT (reviewer_id = author_id)) AND (NOT (reviewer_id = responsible_id))) OR self_approval_allowed)),
    CONSTRAINT refusals_have_a_reason CHECK ((((verdict)::text = 'approve'::text) OR (NOT ((reason)::text = ''::text)))),
    CONSTRAINT skills_decision_approvals_needed_check CHECK ((approvals_needed >= 0))
);


--
-- Name: skills_decision_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_decision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_defaultbudget; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_defaultbudget (
    id bigint NOT NULL,
    "window" character varying(10) NOT NULL,
    time_zone character varying(60) DEFAULT 'UTC'::character varying NOT NULL,
    starts_on smallint DEFAULT 1 NOT NULL,
    limit_tokens bigint,
    limit_micros bigint,
    marks smallint[] DEFAULT '{50,80,100}'::smallint[] NOT NULL,
    hard boolean NOT NULL,
    whom character varying(10) NOT NULL,
    CONSTRAINT skills_defaultbudget_limit_micros_check CHECK ((limit_micros >= 0)),
    CONSTRAINT skills_defaultbudget_limit_tokens_check CHECK ((limit_tokens >= 0)),
    CONSTRAINT skills_defaultbudget_starts_on_check CHECK ((starts_on >= 0))
);


--
-- Name: skills_defaultbudget_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_defaultbudget ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_defaultbudget_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_denial; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_denial (
    id bigint NOT NULL,
    digests character varying(80)[] NOT NULL,
    denied_at timestamp with time zone NOT NULL,
    lifted_at timestamp with time zone,
    lift_reason character varying(1000) NOT NULL,
    denied_by_id bigint,
    lifted_by_id bigint,
    version_id bigint NOT NULL,
    CONSTRAINT lifting_has_a_name_and_a_reason CHECK (((((lift_reason)::text = ''::text) AND (lifted_at IS NULL) AND (lifted_by_id IS NULL)) OR ((lifted_at IS NOT NULL) AND (lifted_by_id IS NOT NULL) AND (NOT ((lift_reason)::text = ''::text)))))
);


--
-- Name: skills_denial_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_denial ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_denial_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_document; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_document (
    skill_id bigint NOT NULL,
    scope bigint NOT NULL,
    name character varying(64) NOT NULL,
    facets character varying(120)[] NOT NULL,
    terms character varying(40)[] NOT NULL,
    strong character varying(40)[] NOT NULL,
    impacts public.sparsevec(1000000000) NOT NULL,
    pieces text[] NOT NULL,
    written_at timestamp with time zone NOT NULL,
    words smallint NOT NULL,
    CONSTRAINT skills_document_words_check CHECK ((words >= 0))
)
WITH (toast_tuple_target='4080');
ALTER TABLE ONLY public.skills_document ALTER COLUMN impacts SET STORAGE MAIN;


--
-- Name: skills_event; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_event (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_name character varying(40) NOT NULL,
    act character varying(40) NOT NULL,
    target character varying(200) NOT NULL,
    detail jsonb NOT NULL,
    seq bigint,
    previous character varying(64) NOT NULL,
    seal character varying(64) NOT NULL,
    actor_id bigint,
    team_id bigint
);


--
-- Name: skills_event_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_event ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_fetchday; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_fetchday (
    id bigint NOT NULL,
    day date NOT NULL,
    client character varying(20) NOT NULL,
    fetches integer NOT NULL,
    installs integer NOT NULL,
    team_id bigint,
    version_id bigint NOT NULL,
    CONSTRAINT skills_fetchday_fetches_check CHECK ((fetches >= 0)),
    CONSTRAINT skills_fetchday_installs_check CHECK ((installs >= 0))
);


--
-- Name: skills_fetchday_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_fetchday ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_fetchday_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_file; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_file (
    id bigint NOT NULL,
    path character varying(255) NOT NULL,
    sha256 character varying(64) NOT NULL,
    size integer NOT NULL,
    executable boolean NOT NULL,
    start integer NOT NULL,
    packed integer NOT NULL,
    version_id bigint NOT NULL,
    CONSTRAINT skills_file_packed_check CHECK ((packed >= 0)),
    CONSTRAINT skills_file_size_check CHECK ((size >= 0)),
    CONSTRAINT skills_file_start_check CHECK ((start >= 0))
);


--
-- Name: skills_file_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_file ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_file_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_finding; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_finding (
    id bigint NOT NULL,
    rule character varying(60) NOT NULL,
    severity character varying(10) NOT NULL,
    path character varying(255) NOT NULL,
    line integer NOT NULL,
    text character varying(500) NOT NULL,
    snippet character varying(300) NOT NULL,
    remedy character varying(500) NOT NULL,
    waived_at timestamp with time zone,
    waiver character varying(500) NOT NULL,
    waived_by_id bigint,
    scan_id bigint NOT NULL,
    CONSTRAINT skills_finding_line_check CHECK ((line >= 0))
);


--
-- Name: skills_finding_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_finding ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_finding_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_follow; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_follow (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    skill_id bigint,
    team_id bigint,
    CONSTRAINT follow_one_thing CHECK ((((skill_id IS NULL) OR (team_id IS NULL)) AND (1 = (
CASE
    WHEN (skill_id IS NULL) THEN 1
    ELSE 0
END +
CASE
    WHEN (team_id IS NULL) THEN 1
    ELSE 0
END))))
);


--
-- Name: skills_follow_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_follow ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_follow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_generation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_generation (
    id bigint NOT NULL,
    model character varying(200) NOT NULL,
    dimensions smallint NOT NULL,
    state character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    live_at timestamp with time zone,
    CONSTRAINT skills_generation_dimensions_check CHECK ((dimensions >= 0))
);


--
-- Name: skills_generation_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_generation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_generation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_grant; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_grant (
    id bigint NOT NULL,
    period_id bigint NOT NULL,
    tokens bigint NOT NULL,
    micros bigint NOT NULL,
    expires_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT skills_grant_micros_check CHECK ((micros >= 0)),
    CONSTRAINT skills_grant_tokens_check CHECK ((tokens >= 0))
);


--
-- Name: skills_grant_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_grant ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_grant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_hiddencase; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_hiddencase (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    prompt text NOT NULL,
    assertions jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by_id bigint NOT NULL,
    skill_id bigint NOT NULL
);


--
-- Name: skills_hiddencase_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_hiddencase ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_hiddencase_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_hold; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_hold (
    id uuid NOT NULL,
    periods bigint[] NOT NULL,
    run_id bigint,
    skill_id bigint,
    model character varying(120) NOT NULL,
    role character varying(10) NOT NULL,
    tokens bigint NOT NULL,
    micros bigint,
    state character varying(10) NOT NULL,
    used_tokens bigint,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    price_id bigint,
    tokenizer character varying(150) DEFAULT ''::character varying NOT NULL,
    sent_bytes bigint,
    sent_tokens bigint,
    account_id bigint,
    team_id bigint,
    token_id bigint,
    version_id bigint,
    agent character varying(60) DEFAULT ''::character varying NOT NULL,
    session character varying(120) DEFAULT ''::character varying NOT NULL,
    request_id character varying(120) DEFAULT ''::character varying NOT NULL,
    used_micros bigint,
    input_tokens bigint DEFAULT 0 NOT NULL,
    cached_tokens bigint DEFAULT 0 NOT NULL,
    written_tokens bigint DEFAULT 0 NOT NULL,
    output_tokens bigint DEFAULT 0 NOT NULL,
    ended_at timestamp with time zone,
    instead_of character varying(120) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT skills_hold_cached_tokens_check CHECK ((cached_tokens >= 0)),
    CONSTRAINT skills_hold_input_tokens_check CHECK ((input_tokens >= 0)),
    CONSTRAINT skills_hold_micros_check CHECK ((micros >= 0)),
    CONSTRAINT skills_hold_output_tokens_check CHECK ((output_tokens >= 0)),
    CONSTRAINT skills_hold_sent_bytes_check CHECK ((sent_bytes >= 0)),
    CONSTRAINT skills_hold_sent_tokens_check CHECK ((sent_tokens >= 0)),
    CONSTRAINT skills_hold_tokens_check CHECK ((tokens >= 0)),
    CONSTRAINT skills_hold_used_micros_check CHECK ((used_micros >= 0)),
    CONSTRAINT skills_hold_used_tokens_check CHECK ((used_tokens >= 0)),
    CONSTRAINT skills_hold_written_tokens_check CHECK ((written_tokens >= 0))
);


--
-- Name: skills_importrun; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_importrun (
    id bigint NOT NULL,
    source character varying(500) NOT NULL,
    revision character varying(100) NOT NULL,
    report jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint NOT NULL,
    team_id bigint NOT NULL
);


--
-- Name: skills_importrun_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_importrun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_importrun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_invitation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_invitation (
    id bigint NOT NULL,
    email character varying(254) NOT NULL,
    role character varying(10) NOT NULL,
    secret_hash character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    revoked_at timestamp with time zone,
    invited_by_id bigint NOT NULL,
    team_id bigint NOT NULL
);


--
-- Name: skills_invitation_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_invitation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_invitation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_job; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_job (
    id bigint NOT NULL,
    task character varying(60) NOT NULL,
    arguments jsonb NOT NULL,
    key character varying(120) NOT NULL,
    state character varying(10) NOT NULL,
    tries smallint NOT NULL,
    lease_until timestamp with time zone,
    lease_holder character varying(40) NOT NULL,
    error text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    lane character varying(40) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT skills_job_tries_check CHECK ((tries >= 0))
);


--
-- Name: skills_job_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_job ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_keptcall; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_keptcall (
    hold_id uuid NOT NULL,
    model character varying(120) NOT NULL,
    agent character varying(60) NOT NULL,
    at timestamp with time zone NOT NULL,
    delete_at timestamp with time zone NOT NULL,
    sealed bytea NOT NULL,
    account_id bigint NOT NULL,
    team_id bigint NOT NULL
);


--
-- Name: skills_label; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_label (
    id bigint NOT NULL,
    name character varying(40) NOT NULL,
    team_id bigint NOT NULL
);


--
-- Name: skills_label_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_label ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_label_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_ledgerentry; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_ledgerentry (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    tokens bigint NOT NULL,
    micros bigint,
    input_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    model character varying(120) NOT NULL,
    role character varying(10) NOT NULL,
    run_id bigint,
    skill_id bigint,
    note character varying(300) NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint,
    hold_id uuid,
    period_id bigint NOT NULL,
    price_id bigint,
    written_tokens bigint DEFAULT 0 NOT NULL,
    CONSTRAINT skills_ledgerentry_cached_tokens_check CHECK ((cached_tokens >= 0)),
    CONSTRAINT skills_ledgerentry_input_tokens_check CHECK ((input_tokens >= 0)),
    CONSTRAINT skills_ledgerentry_output_tokens_check CHECK ((output_tokens >= 0)),
    CONSTRAINT skills_ledgerentry_written_tokens_check CHECK ((written_tokens >= 0))
);


--
-- Name: skills_ledgerentry_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_ledgerentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_ledgerentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_maintainer; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_maintainer (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    skill_id bigint NOT NULL
);


--
-- Name: skills_maintainer_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_maintainer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_maintainer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_membership; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_membership (
    id bigint NOT NULL,
    role character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    team_id bigint NOT NULL,
    CONSTRAINT role_is_known CHECK (((role)::text = ANY ((ARRAY['member'::character varying, 'reviewer'::character varying, 'admin'::character varying])::text[])))
);


--
-- Name: skills_membership_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_membership ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_membership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_modelalias; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_modelalias (
    id bigint NOT NULL,
    name character varying(40) NOT NULL,
    model_ids bigint[] NOT NULL,
    team_id bigint NOT NULL
);


--
-- Name: skills_modelalias_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_modelalias ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_modelalias_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_namerequest; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_namerequest (
    id bigint NOT NULL,
    name character varying(105) NOT NULL,
    near character varying(300) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    allowed boolean NOT NULL,
    asked_by_id bigint NOT NULL,
    decided_by_id bigint,
    CONSTRAINT a_name_is_allowed_by_somebody CHECK ((((NOT allowed) AND (decided_at IS NULL) AND (decided_by_id IS NULL)) OR ((decided_at IS NOT NULL) AND (decided_by_id IS NOT NULL))))
);


--
-- Name: skills_namerequest_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_namerequest ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_namerequest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_notice; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_notice (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    text character varying(300) NOT NULL,
    url character varying(300) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    account_id bigint NOT NULL
);


--
-- Name: skills_notice_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_notice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_noticepreference; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_noticepreference (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    in_app boolean NOT NULL,
    by_email boolean NOT NULL,
    account_id bigint NOT NULL
);


--
-- Name: skills_noticepreference_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_noticepreference ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_noticepreference_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_overrule; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_overrule (
    id bigint NOT NULL,
    assertion smallint NOT NULL,
    judged boolean NOT NULL,
    passed boolean NOT NULL,
    reason character varying(500) NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint NOT NULL,
    trial_id bigint NOT NULL,
    CONSTRAINT skills_overrule_assertion_check CHECK ((assertion >= 0))
);


--
-- Name: skills_overrule_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_overrule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_overrule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_passage; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_passage (
    id bigint NOT NULL,
    piece smallint NOT NULL,
    scope bigint NOT NULL,
    vector public.halfvec NOT NULL,
    generation_id bigint NOT NULL,
    document_id bigint NOT NULL,
    CONSTRAINT skills_passage_piece_check CHECK ((piece >= 0))
);


--
-- Name: skills_passage_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_passage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_passage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_period; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_period (
    id bigint NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone,
    limit_tokens bigint,
    limit_micros bigint,
    spent_tokens bigint NOT NULL,
    held_tokens bigint NOT NULL,
    spent_micros bigint NOT NULL,
    held_micros bigint NOT NULL,
    warned_at timestamp with time zone,
    budget_id bigint NOT NULL,
    subject character varying(150) DEFAULT ''::character varying NOT NULL,
    told_marks smallint[] DEFAULT '{}'::smallint[] NOT NULL,
    refused_at timestamp with time zone,
    CONSTRAINT skills_period_held_micros_check CHECK ((held_micros >= 0)),
    CONSTRAINT skills_period_held_tokens_check CHECK ((held_tokens >= 0)),
    CONSTRAINT skills_period_limit_micros_check CHECK ((limit_micros >= 0)),
    CONSTRAINT skills_period_limit_tokens_check CHECK ((limit_tokens >= 0)),
    CONSTRAINT skills_period_spent_micros_check CHECK ((spent_micros >= 0)),
    CONSTRAINT skills_period_spent_tokens_check CHECK ((spent_tokens >= 0))
);


--
-- Name: skills_period_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_period ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_period_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_policy; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_policy (
    id bigint NOT NULL,
    approvals_needed smallint NOT NULL,
    self_approval boolean NOT NULL,
    scan_gate boolean NOT NULL,
    evals_required boolean NOT NULL,
    no_regression boolean NOT NULL,
    minimum_lift smallint,
    team_id bigint NOT NULL,
    approve_synced boolean NOT NULL,
    discerning_cases boolean DEFAULT false NOT NULL,
    standard_cases smallint DEFAULT 5 NOT NULL,
    standard_repeats smallint DEFAULT 3 NOT NULL,
    standard_models character varying(60)[] DEFAULT '{}'::character varying(60)[] NOT NULL,
    inferiority_margin smallint DEFAULT 10 NOT NULL,
    CONSTRAINT approvals_between_one_and_five CHECK (((approvals_needed >= 1) AND (approvals_needed <= 5))),
    CONSTRAINT margin_is_in_points CHECK (((inferiority_margin >= 1) AND (inferiority_margin <= 50))),
    CONSTRAINT skills_policy_approvals_needed_check CHECK ((approvals_needed >= 0)),
    CONSTRAINT skills_policy_inferiority_margin_check CHECK ((inferiority_margin >= 0)),
    CONSTRAINT skills_policy_minimum_lift_check CHECK ((minimum_lift >= 0)),
    CONSTRAINT skills_policy_standard_cases_check CHECK ((standard_cases >= 0)),
    CONSTRAINT skills_policy_standard_repeats_check CHECK ((standard_repeats >= 0)),
    CONSTRAINT standard_plan_can_be_run CHECK (((standard_cases >= 1) AND (standard_cases <= 500) AND (standard_repeats >= 1) AND (standard_repeats <= 10)))
);


--
-- Name: skills_policy_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_policy ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_policy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_portfolio; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_portfolio (
    id bigint NOT NULL,
    judge_id bigint,
    team_id bigint NOT NULL
);


--
-- Name: skills_portfolio_chosen; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_portfolio_chosen (
    id bigint NOT NULL,
    portfolio_id bigint NOT NULL,
    portfoliomodel_id bigint NOT NULL
);


--
-- Name: skills_portfolio_chosen_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_portfolio_chosen ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_portfolio_chosen_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_portfolio_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_portfolio ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_portfolio_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_portfoliomodel; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_portfoliomodel (
    id bigint NOT NULL,
    name character varying(120) NOT NULL,
    label character varying(60) NOT NULL,
    max_output_tokens integer NOT NULL,
    temperature double precision,
    parameters jsonb NOT NULL,
    connections smallint NOT NULL,
    can_judge boolean NOT NULL,
    enabled boolean NOT NULL,
    blocked character varying(300) NOT NULL,
    price_id bigint,
    provider_id bigint NOT NULL,
    is_default_judge boolean DEFAULT false NOT NULL,
    problem character varying(500) DEFAULT ''::character varying NOT NULL,
    tested_at timestamp with time zone,
    CONSTRAINT skills_portfoliomodel_connections_check CHECK ((connections >= 0)),
    CONSTRAINT skills_portfoliomodel_max_output_tokens_check CHECK ((max_output_tokens >= 0))
);


--
-- Name: skills_portfoliomodel_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_portfoliomodel ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_portfoliomodel_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_price; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_price (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    model character varying(120) NOT NULL,
    input_micros bigint NOT NULL,
    cached_micros bigint NOT NULL,
    output_micros bigint NOT NULL,
    source character varying(120) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    approved_at timestamp with time zone,
    approved_by_id bigint,
    tariffs jsonb,
    CONSTRAINT skills_price_cached_micros_check CHECK ((cached_micros >= 0)),
    CONSTRAINT skills_price_input_micros_check CHECK ((input_micros >= 0)),
    CONSTRAINT skills_price_output_micros_check CHECK ((output_micros >= 0))
);


--
-- Name: skills_price_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_price ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_price_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_provenance; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_provenance (
    id bigint NOT NULL,
    url character varying(500) NOT NULL,
    ref character varying(200) NOT NULL,
    revision character varying(100) NOT NULL,
    path character varying(500) NOT NULL,
    answerable bigint[] NOT NULL,
    version_id bigint NOT NULL,
    source_id bigint,
    brought_by character varying(300) NOT NULL,
    run_url character varying(500) NOT NULL,
    started_by character varying(100) NOT NULL
);


--
-- Name: skills_provenance_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_provenance ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_provenance_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_provider; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_provider (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    kind character varying(20) NOT NULL,
    base_url character varying(300) NOT NULL,
    secret bytea,
    enabled boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    problem character varying(500) NOT NULL,
    tested_at timestamp with time zone,
    options jsonb DEFAULT '{}'::jsonb NOT NULL,
    listed jsonb,
    listing_problem character varying(500) DEFAULT ''::character varying NOT NULL,
    listed_at timestamp with time zone
);


--
-- Name: skills_provider_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_provider ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_provider_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_releasestatement; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_releasestatement (
    id bigint NOT NULL,
    subject character varying(180) NOT NULL,
    payload text NOT NULL,
    envelope jsonb,
    model_signature jsonb,
    created_at timestamp with time zone NOT NULL,
    signed_at timestamp with time zone,
    problem character varying(500) NOT NULL,
    version_id bigint NOT NULL
);


--
-- Name: skills_releasestatement_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_releasestatement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_releasestatement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_report; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_report (
    id bigint NOT NULL,
    reason character varying(10) NOT NULL,
    text character varying(2000) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    answer character varying(1000) NOT NULL,
    closed_by_id bigint,
    reporter_id bigint NOT NULL,
    skill_id bigint NOT NULL,
    version_id bigint
);


--
-- Name: skills_report_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_report ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_report_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_reportedsession; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_reportedsession (
    id bigint NOT NULL,
    session character varying(120) NOT NULL,
    tells_calls boolean DEFAULT false NOT NULL,
    skill_name character varying(64) DEFAULT ''::character varying NOT NULL,
    skill_at timestamp with time zone,
    seen_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL
);


--
-- Name: skills_reportedsession_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_reportedsession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_reportedsession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_reviewvisit; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_reviewvisit (
    id bigint NOT NULL,
    visited_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    version_id bigint NOT NULL
);


--
-- Name: skills_reviewvisit_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_reviewvisit ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_reviewvisit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_run; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_run (
    id bigint NOT NULL,
    name character varying(64) NOT NULL,
    digest character varying(71) NOT NULL,
    purpose character varying(12) NOT NULL,
    state character varying(15) NOT NULL,
    arms character varying(10)[] NOT NULL,
    repeats smallint NOT NULL,
    cases jsonb NOT NULL,
    portfolio jsonb NOT NULL,
    judge jsonb,
    "only" jsonb,
    total integer NOT NULL,
    worst_tokens bigint NOT NULL,
    fingerprint character varying(64) NOT NULL,
    worker character varying(40) NOT NULL,
    lease_until timestamp with time zone,
    tries smallint NOT NULL,
    sandbox character varying(10) NOT NULL,
    left_out jsonb NOT NULL,
    problem character varying(500) NOT NULL,
    report jsonb,
    webhook character varying(300) NOT NULL,
    cancel_asked_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    parent_id bigint,
    requested_by_id bigint NOT NULL,
    skill_id bigint,
    team_id bigint NOT NULL,
    upload_id uuid,
    previous_id bigint,
    version_id bigint,
    pooled_report jsonb,
    CONSTRAINT one_to_ten_repeats CHECK (((repeats >= 1) AND ((repeats <= 10) OR ((purpose)::text = 'regression'::text)))),
    CONSTRAINT run_state_is_known CHECK (((state)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying, 'done'::character varying, 'cancelled'::character varying, 'out_of_budget'::character varying, 'failed'::character varying])::text[]))),
    CONSTRAINT skills_run_repeats_check CHECK ((repeats >= 0)),
    CONSTRAINT skills_run_total_check CHECK ((total >= 0)),
    CONSTRAINT skills_run_tries_check CHECK ((tries >= 0)),
    CONSTRAINT skills_run_worst_tokens_check CHECK ((worst_tokens >= 0))
);


--
-- Name: skills_run_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_run ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_scan; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_scan (
    id bigint NOT NULL,
    state character varying(10) NOT NULL,
    rules character varying(20) NOT NULL,
    inventory jsonb NOT NULL,
    problem character varying(500) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    version_id bigint NOT NULL
);


--
-- Name: skills_scan_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_scan ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_scan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_searchentry; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_searchentry (
    id bigint NOT NULL,
    account character varying(32) NOT NULL,
    query character varying(500) NOT NULL,
    shown bigint[] NOT NULL,
    total integer NOT NULL,
    at timestamp with time zone NOT NULL,
    chosen_id bigint
);


--
-- Name: skills_searchentry_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_searchentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_searchentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_signeddocument; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_signeddocument (
    id bigint NOT NULL,
    name character varying(40) NOT NULL,
    number bigint NOT NULL,
    payload text NOT NULL,
    envelope jsonb,
    signed_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone
);


--
-- Name: skills_signeddocument_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_signeddocument ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_signeddocument_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_signingkey; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_signingkey (
    id bigint NOT NULL,
    keyid character varying(64) NOT NULL,
    algorithm character varying(10) NOT NULL,
    public_pem text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    revoked_at timestamp with time zone,
    revocation character varying(500) NOT NULL,
    CONSTRAINT revocation_has_a_reason CHECK (((revoked_at IS NULL) OR (NOT ((revocation)::text = ''::text))))
);


--
-- Name: skills_signingkey_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_signingkey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_signingkey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_skill; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_skill (
    id bigint NOT NULL,
    name character varying(64) NOT NULL,
    description character varying(1100) NOT NULL,
    license character varying(1100) NOT NULL,
    tags character varying(40)[] NOT NULL,
    catalogue_tokens integer NOT NULL,
    visibility character varying(10) NOT NULL,
    published boolean NOT NULL,
    deprecated_at timestamp with time zone,
    deprecation_note character varying(500) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    fetches bigint NOT NULL,
    stars integer NOT NULL,
    lift double precision,
    created_by_id bigint NOT NULL,
    successor_id bigint,
    team_id bigint NOT NULL,
    latest_id bigint,
    shown_id bigint,
    field_people integer DEFAULT 0 NOT NULL,
    installs bigint DEFAULT 0 NOT NULL,
    field_uses integer DEFAULT 0 NOT NULL,
    field_micros bigint,
    tested_on character varying(200)[] DEFAULT '{}'::character varying(200)[] NOT NULL,
    CONSTRAINT skills_skill_catalogue_tokens_check CHECK ((catalogue_tokens >= 0)),
    CONSTRAINT skills_skill_fetches_check CHECK ((fetches >= 0)),
    CONSTRAINT skills_skill_field_people_check CHECK ((field_people >= 0)),
    CONSTRAINT skills_skill_field_uses_check CHECK ((field_uses >= 0)),
    CONSTRAINT skills_skill_installs_check CHECK ((installs >= 0)),
    CONSTRAINT skills_skill_stars_check CHECK ((stars >= 0)),
    CONSTRAINT visibility_is_known CHECK (((visibility)::text = ANY ((ARRAY['team'::character varying, 'internal'::character varying, 'public'::character varying])::text[])))
);


--
-- Name: skills_skill_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_skill ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_skill_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_skilllabel; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_skilllabel (
    id bigint NOT NULL,
    label_id bigint NOT NULL,
    skill_id bigint NOT NULL
);


--
-- Name: skills_skilllabel_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_skilllabel ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_skilllabel_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_skillname; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_skillname (
    id bigint NOT NULL,
    name character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    skill_id bigint NOT NULL,
    team_id bigint NOT NULL
);


--
-- Name: skills_skillname_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_skillname ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_skillname_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_source; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_source (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    url character varying(500) NOT NULL,
    ref character varying(200) NOT NULL,
    folder character varying(300) NOT NULL,
    names character varying(128)[] NOT NULL,
    token bytea,
    webhook_secret bytea,
    minutes integer NOT NULL,
    visibility character varying(10) NOT NULL,
    approves boolean NOT NULL,
    answerable bigint[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    next_at timestamp with time zone,
    asked_at timestamp with time zone,
    synced_at timestamp with time zone,
    revision character varying(100) NOT NULL,
    failures smallint NOT NULL,
    problem character varying(1000) NOT NULL,
    responsible_id bigint NOT NULL,
    team_id bigint NOT NULL,
    CONSTRAINT skills_source_failures_check CHECK ((failures >= 0)),
    CONSTRAINT skills_source_minutes_check CHECK ((minutes >= 0)),
    CONSTRAINT source_kind_is_known CHECK (((kind)::text = ANY ((ARRAY['git'::character varying, 'skillhub'::character varying, 'index'::character varying, 'clawhub'::character varying])::text[])))
);


--
-- Name: skills_source_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_source ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_source_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_sourcepath; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_sourcepath (
    id bigint NOT NULL,
    source character varying(500) NOT NULL,
    path character varying(500) NOT NULL,
    written_name character varying(200) NOT NULL,
    mark character varying(64) NOT NULL,
    brought_at timestamp with time zone NOT NULL,
    gone_at timestamp with time zone,
    skill_id bigint NOT NULL,
    team_id bigint NOT NULL,
    version_id bigint NOT NULL,
    CONSTRAINT mark_is_sha256 CHECK (((mark)::text ~ '^[0-9a-f]{64}$'::text))
);


--
-- Name: skills_sourcepath_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_sourcepath ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_sourcepath_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_spending; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_spending (
    id bigint NOT NULL,
    account_id bigint,
    team_id bigint,
    token_id bigint,
    skill_id bigint,
    version_id bigint,
    agent character varying(60) NOT NULL,
    role character varying(10) NOT NULL,
    calls bigint NOT NULL,
    lost bigint NOT NULL,
    unpriced bigint NOT NULL,
    tokens bigint NOT NULL,
    micros bigint NOT NULL,
    input_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    written_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    grain character varying(5) NOT NULL,
    day date NOT NULL,
    model character varying(120) NOT NULL
);


--
-- Name: skills_spending_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_spending ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_spending_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_spendingchange; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_spendingchange (
    id bigint NOT NULL,
    account_id bigint,
    team_id bigint,
    token_id bigint,
    skill_id bigint,
    version_id bigint,
    agent character varying(60) NOT NULL,
    role character varying(10) NOT NULL,
    calls bigint NOT NULL,
    lost bigint NOT NULL,
    unpriced bigint NOT NULL,
    tokens bigint NOT NULL,
    micros bigint NOT NULL,
    input_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    written_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    model character varying(120) NOT NULL,
    run_id bigint,
    session character varying(120) NOT NULL,
    ended_at timestamp with time zone NOT NULL
);


--
-- Name: skills_spendingchange_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_spendingchange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_spendingchange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_star; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_star (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    skill_id bigint NOT NULL
);


--
-- Name: skills_star_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_star ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_star_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_sync; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_sync (
    id bigint NOT NULL,
    is_plan boolean NOT NULL,
    cause character varying(10) NOT NULL,
    state character varying(10) NOT NULL,
    revision character varying(100) NOT NULL,
    problem character varying(1000) NOT NULL,
    changes jsonb CONSTRAINT skills_sync_lines_not_null NOT NULL,
    left_out jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    by_id bigint,
    source_id bigint NOT NULL
);


--
-- Name: skills_sync_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_sync ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_sync_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_team; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_team (
    id bigint NOT NULL,
    handle character varying(40) NOT NULL,
    name character varying(80) NOT NULL,
    description character varying(500) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    personal_of_id bigint
);


--
-- Name: skills_team_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_team ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_team_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_telemetrywish; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_telemetrywish (
    id bigint NOT NULL,
    counts boolean NOT NULL,
    team_id bigint NOT NULL
);


--
-- Name: skills_telemetrywish_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_telemetrywish ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_telemetrywish_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_term; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_term (
    id bigint NOT NULL,
    scope bigint NOT NULL,
    term character varying(40) NOT NULL,
    word character varying(40) NOT NULL,
    documents integer NOT NULL,
    strong integer NOT NULL
)
WITH (fillfactor='80');


--
-- Name: skills_term_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_term ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_term_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_token; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_token (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    hint character varying(12) NOT NULL,
    in_address boolean NOT NULL,
    secret_hash character varying(64) NOT NULL,
    scopes character varying(10)[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    account_id bigint NOT NULL,
    created_by_id bigint NOT NULL,
    provenance jsonb NOT NULL,
    skills character varying(64)[] NOT NULL,
    publisher_id bigint,
    CONSTRAINT token_expires_after_creation CHECK ((expires_at > created_at))
);


--
-- Name: skills_token_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_token ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_token_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_token_teams; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_token_teams (
    id bigint NOT NULL,
    token_id bigint NOT NULL,
    team_id bigint NOT NULL
);


--
-- Name: skills_token_teams_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_token_teams ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_token_teams_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_transcript; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_transcript (
    id bigint NOT NULL,
    messages jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    trial_id bigint NOT NULL
);


--
-- Name: skills_transcript_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_transcript ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_transcript_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_trial; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_trial (
    id bigint NOT NULL,
    "case" character varying(64) NOT NULL,
    arm character varying(10) NOT NULL,
    repeat smallint NOT NULL,
    outcome character varying(20) NOT NULL,
    passed boolean NOT NULL,
    grades jsonb NOT NULL,
    invoked boolean NOT NULL,
    output text NOT NULL,
    problem character varying(500) NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    judge_tokens bigint NOT NULL,
    micros bigint,
    seconds double precision NOT NULL,
    tool_calls integer NOT NULL,
    served_model character varying(120) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    reused boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    model_id bigint NOT NULL,
    run_id bigint NOT NULL,
    cause character varying(40) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT skills_trial_input_tokens_check CHECK ((input_tokens >= 0)),
    CONSTRAINT skills_trial_judge_tokens_check CHECK ((judge_tokens >= 0)),
    CONSTRAINT skills_trial_micros_check CHECK ((micros >= 0)),
    CONSTRAINT skills_trial_output_tokens_check CHECK ((output_tokens >= 0)),
    CONSTRAINT skills_trial_repeat_check CHECK ((repeat >= 0)),
    CONSTRAINT skills_trial_tool_calls_check CHECK ((tool_calls >= 0))
);


--
-- Name: skills_trial_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_trial ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_trial_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_trustedpublisher; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_trustedpublisher (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    issuer character varying(300) NOT NULL,
    repository character varying(300) NOT NULL,
    workflow character varying(200) NOT NULL,
    environment character varying(200) NOT NULL,
    ref character varying(200) NOT NULL,
    claims jsonb NOT NULL,
    skills character varying(64)[] NOT NULL,
    checks_pull_requests boolean NOT NULL,
    answerable bigint[] NOT NULL,
    owner_id character varying(64) NOT NULL,
    repository_id character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    account_id bigint NOT NULL,
    added_by_id bigint NOT NULL,
    team_id bigint NOT NULL,
    CONSTRAINT publisher_kind_is_known CHECK (((kind)::text = ANY ((ARRAY['github'::character varying, 'gitlab'::character varying, 'other'::character varying])::text[])))
);


--
-- Name: skills_trustedpublisher_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_trustedpublisher ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_trustedpublisher_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_unreviewedskill; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_unreviewedskill (
    id bigint NOT NULL,
    name character varying(64) NOT NULL,
    digest character varying(71) NOT NULL,
    calls bigint DEFAULT 0 NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    near_id bigint,
    team_id bigint NOT NULL,
    CONSTRAINT skills_unreviewedskill_calls_check CHECK ((calls >= 0))
);


--
-- Name: skills_unreviewedskill_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_unreviewedskill ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_unreviewedskill_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_upload; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_upload (
    id uuid NOT NULL,
    digest character varying(71) NOT NULL,
    size integer NOT NULL,
    manifest jsonb NOT NULL,
    files jsonb NOT NULL,
    notes jsonb NOT NULL,
    data bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    CONSTRAINT skills_upload_size_check CHECK ((size >= 0))
);


--
-- Name: skills_uploadticket; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_uploadticket (
    id uuid NOT NULL,
    path character varying(255) NOT NULL,
    size integer NOT NULL,
    sha256 character varying(64) NOT NULL,
    data bytea,
    expires_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    CONSTRAINT skills_uploadticket_size_check CHECK ((size >= 0))
);


--
-- Name: skills_usedtoken; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_usedtoken (
    id bigint NOT NULL,
    mark character varying(64) NOT NULL,
    expires_at timestamp with time zone NOT NULL
);


--
-- Name: skills_usedtoken_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_usedtoken ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_usedtoken_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_version (
    id bigint NOT NULL,
    number character varying(64) NOT NULL,
    build character varying(64) NOT NULL,
    is_prerelease boolean NOT NULL,
    attempt smallint NOT NULL,
    state character varying(20) NOT NULL,
    digest character varying(71) NOT NULL,
    size integer NOT NULL,
    manifest jsonb NOT NULL,
    rendered text NOT NULL,
    changelog character varying(2000) NOT NULL,
    requested_visibility character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    state_at timestamp with time zone NOT NULL,
    approved_at timestamp with time zone,
    reason character varying(1000) NOT NULL,
    author_id bigint NOT NULL,
    skill_id bigint NOT NULL,
    responsible_id bigint NOT NULL,
    notes jsonb NOT NULL,
    CONSTRAINT approval_has_a_time CHECK (((NOT ((state)::text = ANY ((ARRAY['approved'::character varying, 'yanked'::character varying])::text[]))) OR (approved_at IS NOT NULL))),
    CONSTRAINT digest_is_sha256 CHECK (((digest)::text ~ '^sha256:[0-9a-f]{64}$'::text)),
    CONSTRAINT skills_version_attempt_check CHECK ((attempt >= 0)),
    CONSTRAINT skills_version_size_check CHECK ((size >= 0)),
    CONSTRAINT state_is_known CHECK (((state)::text = ANY ((ARRAY['scanning'::character varying, 'in_review'::character varying, 'changes_requested'::character varying, 'rejected'::character varying, 'withdrawn'::character varying, 'approved'::character varying, 'yanked'::character varying, 'removed'::character varying])::text[]))),
    CONSTRAINT yank_and_removal_have_a_reason CHECK (((NOT ((state)::text = ANY ((ARRAY['yanked'::character varying, 'removed'::character varying])::text[]))) OR (NOT ((reason)::text = ''::text))))
);


--
-- Name: skills_version_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_version ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_versionfingerprint; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_versionfingerprint (
    id bigint NOT NULL,
    letters integer NOT NULL,
    whole bigint NOT NULL,
    "offset" integer NOT NULL,
    marks bigint[] NOT NULL,
    version_id bigint NOT NULL,
    CONSTRAINT skills_versionfingerprint_letters_check CHECK ((letters >= 0)),
    CONSTRAINT skills_versionfingerprint_offset_check CHECK (("offset" >= 0))
);


--
-- Name: skills_versionfingerprint_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_versionfingerprint ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_versionfingerprint_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_viewedfile; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_viewedfile (
    id bigint NOT NULL,
    path character varying(255) NOT NULL,
    sha256 character varying(64) NOT NULL,
    account_id bigint NOT NULL,
    skill_id bigint NOT NULL
);


--
-- Name: skills_viewedfile_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_viewedfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_viewedfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: skills_waitingusage; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.skills_waitingusage (
    id bigint NOT NULL,
    session character varying(120) NOT NULL,
    key character varying(64) NOT NULL,
    call jsonb NOT NULL,
    due_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL
);


--
-- Name: skills_waitingusage_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.skills_waitingusage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.skills_waitingusage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: socialaccount_socialaccount; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.socialaccount_socialaccount (
    id integer NOT NULL,
    provider character varying(200) NOT NULL,
    uid character varying(191) NOT NULL,
    last_login timestamp with time zone NOT NULL,
    date_joined timestamp with time zone NOT NULL,
    extra_data jsonb NOT NULL,
    user_id bigint NOT NULL
);


--
-- Name: socialaccount_socialaccount_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.socialaccount_socialaccount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.socialaccount_socialaccount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: socialaccount_socialapp; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.socialaccount_socialapp (
    id integer NOT NULL,
    provider character varying(30) NOT NULL,
    name character varying(40) NOT NULL,
    client_id character varying(191) NOT NULL,
    secret character varying(191) NOT NULL,
    key character varying(191) NOT NULL,
    provider_id character varying(200) NOT NULL,
    settings jsonb NOT NULL
);


--
-- Name: socialaccount_socialapp_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.socialaccount_socialapp ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.socialaccount_socialapp_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: socialaccount_socialtoken; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.socialaccount_socialtoken (
    id integer NOT NULL,
    token text NOT NULL,
    token_secret text NOT NULL,
    expires_at timestamp with time zone,
    account_id integer NOT NULL,
    app_id integer
);


--
-- Name: socialaccount_socialtoken_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.socialaccount_socialtoken ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.socialaccount_socialtoken_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: usersessions_usersession; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.usersessions_usersession (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ip inet NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    session_key character varying(40) NOT NULL,
    user_agent character varying(200) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL
);


--
-- Name: usersessions_usersession_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.usersessions_usersession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.usersessions_usersession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Data for Name: account_emailaddress; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: account_emailconfirmation; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: auth_group; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: auth_group_permissions; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: django_migrations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.django_migrations VALUES (1, 'contenttypes', '0001_initial', now());
INSERT INTO public.django_migrations VALUES (2, 'contenttypes', '0002_remove_content_type_name', now());
INSERT INTO public.django_migrations VALUES (3, 'auth', '0001_initial', now());
INSERT INTO public.django_migrations VALUES (4, 'auth', '0002_alter_permission_name_max_length', now());
INSERT INTO public.django_migrations VALUES (5, 'auth', '0003_alter_user_email_max_length', now());
INSERT INTO public.django_migrations VALUES (6, 'auth', '0004_alter_user_username_opts', now());
INSERT INTO public.django_migrations VALUES (7, 'auth', '0005_alter_user_last_login_null', now());
INSERT INTO public.django_migrations VALUES (8, 'auth', '0006_require_contenttypes_0002', now());
INSERT INTO public.django_migrations VALUES (9, 'auth', '0007_alter_validators_add_error_messages', now());
INSERT INTO public.django_migrations VALUES (10, 'auth', '0008_alter_user_username_max_length', now());
INSERT INTO public.django_migrations VALUES (11, 'auth', '0009_alter_user_last_name_max_length', now());
INSERT INTO public.django_migrations VALUES (12, 'auth', '0010_alter_group_name_max_length', now());
INSERT INTO public.django_migrations VALUES (13, 'auth', '0011_update_proxy_permissions', now());
INSERT INTO public.django_migrations VALUES (14, 'auth', '0012_alter_user_first_name_max_length', now());
INSERT INTO public.django_migrations VALUES (15, 'skills', '0001_tables', now());
INSERT INTO public.django_migrations VALUES (16, 'skills', '0002_immutability', now());
INSERT INTO public.django_migrations VALUES (17, 'skills', '0003_search_storage', now());
INSERT INTO public.django_migrations VALUES (18, 'skills', '0004_evaluations', now());
INSERT INTO public.django_migrations VALUES (19, 'skills', '0005_ledger_guard', now());
INSERT INTO public.django_migrations VALUES (20, 'skills', '0006_usage_and_prefixes', now());
INSERT INTO public.django_migrations VALUES (21, 'skills', '0007_upload_tickets', now());
INSERT INTO public.django_migrations VALUES (22, 'skills', '0008_lift', now());
INSERT INTO public.django_migrations VALUES (23, 'skills', '0009_what_was_approved', now());
INSERT INTO public.django_migrations VALUES (24, 'account', '0001_initial', now());
INSERT INTO public.django_migrations VALUES (25, 'account', '0002_email_max_length', now());
INSERT INTO public.django_migrations VALUES (26, 'account', '0003_alter_emailaddress_create_unique_verified_email', now());
INSERT INTO public.django_migrations VALUES (27, 'account', '0004_alter_emailaddress_drop_unique_email', now());
INSERT INTO public.django_migrations VALUES (28, 'account', '0005_emailaddress_idx_upper_email', now());
INSERT INTO public.django_migrations VALUES (29, 'account', '0006_emailaddress_lower', now());
INSERT INTO public.django_migrations VALUES (30, 'account', '0007_emailaddress_idx_email', now());
INSERT INTO public.django_migrations VALUES (31, 'account', '0008_emailaddress_unique_primary_email_fixup', now());
INSERT INTO public.django_migrations VALUES (32, 'account', '0009_emailaddress_unique_primary_email', now());
INSERT INTO public.django_migrations VALUES (33, 'mfa', '0001_initial', now());
INSERT INTO public.django_migrations VALUES (34, 'mfa', '0002_authenticator_timestamps', now());
INSERT INTO public.django_migrations VALUES (35, 'mfa', '0003_authenticator_type_uniq', now());
INSERT INTO public.django_migrations VALUES (36, 'sessions', '0001_initial', now());
INSERT INTO public.django_migrations VALUES (37, 'skills', '0002_guards', now());
INSERT INTO public.django_migrations VALUES (38, 'skills', '0003_bytes', now());
INSERT INTO public.django_migrations VALUES (39, 'skills', '0004_session_round', now());
INSERT INTO public.django_migrations VALUES (40, 'skills', '0005_responsible', now());
INSERT INTO public.django_migrations VALUES (41, 'skills', '0006_names', now());
INSERT INTO public.django_migrations VALUES (42, 'skills', '0007_signed_releases', now());
INSERT INTO public.django_migrations VALUES (43, 'skills', '0008_sources', now());
INSERT INTO public.django_migrations VALUES (44, 'skills', '0009_provenance_source', now());
INSERT INTO public.django_migrations VALUES (45, 'skills', '0010_source_paths', now());
INSERT INTO public.django_migrations VALUES (46, 'skills', '0011_publishers', now());
INSERT INTO public.django_migrations VALUES (47, 'skills', '0012_job_lane', now());
INSERT INTO public.django_migrations VALUES (48, 'skills', '0013_imports', now());
INSERT INTO public.django_migrations VALUES (49, 'skills', '0014_version_notes', now());
INSERT INTO public.django_migrations VALUES (50, 'skills', '0015_words', now());
INSERT INTO public.django_migrations VALUES (51, 'skills', '0016_trial_causes', now());
INSERT INTO public.django_migrations VALUES (52, 'skills', '0017_standard_plan', now());
INSERT INTO public.django_migrations VALUES (53, 'skills', '0018_case_drafts', now());
INSERT INTO public.django_migrations VALUES (54, 'skills', '0019_providers', now());
INSERT INTO public.django_migrations VALUES (55, 'skills', '0020_rerun_rounds', now());
INSERT INTO public.django_migrations VALUES (56, 'skills', '0021_prices', now());
INSERT INTO public.django_migrations VALUES (57, 'skills', '0022_calls', now());
INSERT INTO public.django_migrations VALUES (58, 'skills', '0023_spending', now());
INSERT INTO public.django_migrations VALUES (59, 'skills', '0024_budget_terms', now());
INSERT INTO public.django_migrations VALUES (60, 'skills', '0025_usage', now());
INSERT INTO public.django_migrations VALUES (61, 'skills', '0026_models_scope', now());
INSERT INTO public.django_migrations VALUES (62, 'skills', '0027_pooled_reports', now());
INSERT INTO public.django_migrations VALUES (63, 'skills', '0028_budget_webhooks', now());
INSERT INTO public.django_migrations VALUES (64, 'skills', '0029_model_aliases', now());
INSERT INTO public.django_migrations VALUES (65, 'skills', '0030_number_order', now());
INSERT INTO public.django_migrations VALUES (66, 'skills', '0031_case_waivers', now());
INSERT INTO public.django_migrations VALUES (67, 'skills', '0032_told_apart', now());
INSERT INTO public.django_migrations VALUES (68, 'skills', '0033_kept_calls', now());
INSERT INTO public.django_migrations VALUES (69, 'skills', '0034_field_people', now());
INSERT INTO public.django_migrations VALUES (70, 'skills', '0035_review_threads', now());
INSERT INTO public.django_migrations VALUES (71, 'skills', '0036_notice_kinds', now());
INSERT INTO public.django_migrations VALUES (72, 'skills', '0037_card_facts', now());
INSERT INTO public.django_migrations VALUES (73, 'socialaccount', '0001_initial', now());
INSERT INTO public.django_migrations VALUES (74, 'socialaccount', '0002_token_max_lengths', now());
INSERT INTO public.django_migrations VALUES (75, 'socialaccount', '0003_extra_data_default_dict', now());
INSERT INTO public.django_migrations VALUES (76, 'socialaccount', '0004_app_provider_id_settings', now());
INSERT INTO public.django_migrations VALUES (77, 'socialaccount', '0005_socialtoken_nullable_app', now());
INSERT INTO public.django_migrations VALUES (78, 'socialaccount', '0006_alter_socialaccount_extra_data', now());
INSERT INTO public.django_migrations VALUES (79, 'usersessions', '0001_initial', now());
INSERT INTO public.django_migrations VALUES (80, 'skills', '0001_initial', now());


--
-- Data for Name: django_session; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: mfa_authenticator; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_account; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_account_groups; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_account_user_permissions; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_auditcheckpoint; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_budget; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_budgetwebhook; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_callgroup; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_callkeeping; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_casedraft; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_casewaiver; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_channel; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_comment; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_commentdraft; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_cumulativeseries; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_damagedblob; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_decision; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_defaultbudget; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_denial; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_document; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_event; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_fetchday; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_file; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_finding; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_follow; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_generation; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_grant; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_hiddencase; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_hold; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_importrun; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_invitation; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_job; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_keptcall; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_label; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_ledgerentry; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_maintainer; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_membership; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_modelalias; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_namerequest; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_notice; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_noticepreference; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_overrule; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_passage; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_period; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_policy; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_portfolio; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_portfolio_chosen; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_portfoliomodel; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_price; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_provenance; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_provider; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_releasestatement; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_report; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_reportedsession; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_reviewvisit; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_run; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_scan; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_searchentry; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_signeddocument; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_signingkey; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_skill; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_skilllabel; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_skillname; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_source; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_sourcepath; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_spending; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_spendingchange; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_star; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_sync; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_team; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_telemetrywish; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_term; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_token; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_token_teams; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_transcript; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_trial; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_trustedpublisher; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_unreviewedskill; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_upload; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_uploadticket; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_usedtoken; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_version; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_versionfingerprint; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_viewedfile; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: skills_waitingusage; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: socialaccount_socialaccount; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: socialaccount_socialapp; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: socialaccount_socialtoken; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: usersessions_usersession; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Name: account_emailaddress_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.account_emailaddress_id_seq', 1, false);


--
-- Name: account_emailconfirmation_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.account_emailconfirmation_id_seq', 1, false);


--
-- Name: auth_group_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_group_id_seq', 1, false);


--
-- Name: auth_group_permissions_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 1, false);


--
-- Name: django_migrations_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.django_migrations_id_seq', 80, true);


--
-- Name: mfa_authenticator_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.mfa_authenticator_id_seq', 1, false);


--
-- Name: skills_account_groups_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_account_groups_id_seq', 1, false);


--
-- Name: skills_account_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_account_id_seq', 1, false);


--
-- Name: skills_account_user_permissions_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_account_user_permissions_id_seq', 1, false);


--
-- Name: skills_auditcheckpoint_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_auditcheckpoint_id_seq', 1, false);


--
-- Name: skills_budget_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_budget_id_seq', 1, false);


--
-- Name: skills_budgetwebhook_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_budgetwebhook_id_seq', 1, false);


--
-- Name: skills_callgroup_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_callgroup_id_seq', 1, false);


--
-- Name: skills_callkeeping_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_callkeeping_id_seq', 1, false);


--
-- Name: skills_casedraft_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_casedraft_id_seq', 1, false);


--
-- Name: skills_casewaiver_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_casewaiver_id_seq', 1, false);


--
-- Name: skills_channel_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_channel_id_seq', 1, false);


--
-- Name: skills_comment_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_comment_id_seq', 1, false);


--
-- Name: skills_commentdraft_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_commentdraft_id_seq', 1, false);


--
-- Name: skills_cumulativeseries_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_cumulativeseries_id_seq', 1, false);


--
-- Name: skills_decision_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_decision_id_seq', 1, false);


--
-- Name: skills_defaultbudget_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_defaultbudget_id_seq', 1, false);


--
-- Name: skills_denial_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_denial_id_seq', 1, false);


--
-- Name: skills_event_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_event_id_seq', 1, false);


--
-- Name: skills_fetchday_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_fetchday_id_seq', 1, false);


--
-- Name: skills_file_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_file_id_seq', 1, false);


--
-- Name: skills_finding_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_finding_id_seq', 1, false);


--
-- Name: skills_follow_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_follow_id_seq', 1, false);


--
-- Name: skills_generation_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_generation_id_seq', 1, false);


--
-- Name: skills_grant_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_grant_id_seq', 1, false);


--
-- Name: skills_hiddencase_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_hiddencase_id_seq', 1, false);


--
-- Name: skills_importrun_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_importrun_id_seq', 1, false);


--
-- Name: skills_invitation_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_invitation_id_seq', 1, false);


--
-- Name: skills_job_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_job_id_seq', 1, false);


--
-- Name: skills_label_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_label_id_seq', 1, false);


--
-- Name: skills_ledgerentry_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_ledgerentry_id_seq', 1, false);


--
-- Name: skills_maintainer_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_maintainer_id_seq', 1, false);


--
-- Name: skills_membership_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_membership_id_seq', 1, false);


--
-- Name: skills_modelalias_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_modelalias_id_seq', 1, false);


--
-- Name: skills_namerequest_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_namerequest_id_seq', 1, false);


--
-- Name: skills_notice_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_notice_id_seq', 1, false);


--
-- Name: skills_noticepreference_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_noticepreference_id_seq', 1, false);


--
-- Name: skills_overrule_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_overrule_id_seq', 1, false);


--
-- Name: skills_passage_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_passage_id_seq', 1, false);


--
-- Name: skills_period_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_period_id_seq', 1, false);


--
-- Name: skills_policy_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_policy_id_seq', 1, false);


--
-- Name: skills_portfolio_chosen_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_portfolio_chosen_id_seq', 1, false);


--
-- Name: skills_portfolio_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_portfolio_id_seq', 1, false);


--
-- Name: skills_portfoliomodel_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_portfoliomodel_id_seq', 1, false);


--
-- Name: skills_price_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_price_id_seq', 1, false);


--
-- Name: skills_provenance_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_provenance_id_seq', 1, false);


--
-- Name: skills_provider_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_provider_id_seq', 1, false);


--
-- Name: skills_releasestatement_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_releasestatement_id_seq', 1, false);


--
-- Name: skills_report_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_report_id_seq', 1, false);


--
-- Name: skills_reportedsession_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_reportedsession_id_seq', 1, false);


--
-- Name: skills_reviewvisit_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_reviewvisit_id_seq', 1, false);


--
-- Name: skills_run_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_run_id_seq', 1, false);


--
-- Name: skills_scan_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_scan_id_seq', 1, false);


--
-- Name: skills_searchentry_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_searchentry_id_seq', 1, false);


--
-- Name: skills_signeddocument_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_signeddocument_id_seq', 1, false);


--
-- Name: skills_signingkey_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_signingkey_id_seq', 1, false);


--
-- Name: skills_skill_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_skill_id_seq', 1, false);


--
-- Name: skills_skilllabel_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_skilllabel_id_seq', 1, false);


--
-- Name: skills_skillname_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_skillname_id_seq', 1, false);


--
-- Name: skills_source_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_source_id_seq', 1, false);


--
-- Name: skills_sourcepath_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_sourcepath_id_seq', 1, false);


--
-- Name: skills_spending_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_spending_id_seq', 1, false);


--
-- Name: skills_spendingchange_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_spendingchange_id_seq', 1, false);


--
-- Name: skills_star_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_star_id_seq', 1, false);


--
-- Name: skills_sync_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_sync_id_seq', 1, false);


--
-- Name: skills_team_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_team_id_seq', 1, false);


--
-- Name: skills_telemetrywish_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_telemetrywish_id_seq', 1, false);


--
-- Name: skills_term_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_term_id_seq', 1, false);


--
-- Name: skills_token_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_token_id_seq', 1, false);


--
-- Name: skills_token_teams_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_token_teams_id_seq', 1, false);


--
-- Name: skills_transcript_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_transcript_id_seq', 1, false);


--
-- Name: skills_trial_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_trial_id_seq', 1, false);


--
-- Name: skills_trustedpublisher_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_trustedpublisher_id_seq', 1, false);


--
-- Name: skills_unreviewedskill_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_unreviewedskill_id_seq', 1, false);


--
-- Name: skills_usedtoken_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_usedtoken_id_seq', 1, false);


--
-- Name: skills_version_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_version_id_seq', 1, false);


--
-- Name: skills_versionfingerprint_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_versionfingerprint_id_seq', 1, false);


--
-- Name: skills_viewedfile_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_viewedfile_id_seq', 1, false);


--
-- Name: skills_waitingusage_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.skills_waitingusage_id_seq', 1, false);


--
-- Name: socialaccount_socialaccount_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.socialaccount_socialaccount_id_seq', 1, false);


--
-- Name: socialaccount_socialapp_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.socialaccount_socialapp_id_seq', 1, false);


--
-- Name: socialaccount_socialtoken_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.socialaccount_socialtoken_id_seq', 1, false);


--
-- Name: usersessions_usersession_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.usersessions_usersession_id_seq', 1, false);


--
-- Name: skills_namerequest a_name_is_asked_for_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_namerequest
    ADD CONSTRAINT a_name_is_asked_for_once UNIQUE (name, asked_by_id);


--
-- Name: account_emailaddress account_emailaddress_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);


--
-- Name: account_emailaddress account_emailaddress_user_id_email_987c8728_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);


--
-- Name: account_emailconfirmation account_emailconfirmation_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);


--
-- Name: account_emailconfirmation account_emailconfirmation_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);


--
-- Name: auth_group auth_group_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);


--
-- Name: auth_group_permissions auth_group_permissions_group_id_permission_id_0cd325b0_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);


--
-- Name: auth_group_permissions auth_group_permissions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);


--
-- Name: auth_group auth_group_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);


--
-- Name: auth_permission auth_permission_content_type_id_codename_01ab375a_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);


--
-- Name: auth_permission auth_permission_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);


--
-- Name: django_content_type django_content_type_app_label_model_76bd3d3b_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);


--
-- Name: django_content_type django_content_type_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);


--
-- Name: django_migrations django_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);


--
-- Name: django_session django_session_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);


--
-- Name: skills_follow follow_skill_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_follow
    ADD CONSTRAINT follow_skill_once UNIQUE (account_id, skill_id);


--
-- Name: skills_follow follow_team_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_follow
    ADD CONSTRAINT follow_team_once UNIQUE (account_id, team_id);


--
-- Name: skills_maintainer maintainer_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_maintainer
    ADD CONSTRAINT maintainer_once UNIQUE (skill_id, account_id);


--
-- Name: mfa_authenticator mfa_authenticator_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);


--
-- Name: skills_skillname names_are_never_reused; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_skillname
    ADD CONSTRAINT names_are_never_reused UNIQUE (team_id, name);


--
-- Name: skills_modelalias one_alias_of_a_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_modelalias
    ADD CONSTRAINT one_alias_of_a_name UNIQUE (team_id, name);


--
-- Name: skills_budget one_budget_of_each_kind; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_budget
    ADD CONSTRAINT one_budget_of_each_kind UNIQUE NULLS NOT DISTINCT (team_id, account_id, token_id, model, each);


--
-- Name: skills_channel one_channel_per_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_channel
    ADD CONSTRAINT one_channel_per_name UNIQUE (skill_id, name);


--
-- Name: skills_fetchday one_count_per_day; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_fetchday
    ADD CONSTRAINT one_count_per_day UNIQUE NULLS NOT DISTINCT (version_id, day, team_id, client);


--
-- Name: skills_term one_count_per_scope; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_term
    ADD CONSTRAINT one_count_per_scope UNIQUE (term, scope);


--
-- Name: skills_file one_file_per_path; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_file
    ADD CONSTRAINT one_file_per_path UNIQUE (version_id, path);


--
-- Name: skills_generation one_generation_per_state; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_generation
    ADD CONSTRAINT one_generation_per_state UNIQUE (state);


--
-- Name: skills_hiddencase one_hidden_case_per_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_hiddencase
    ADD CONSTRAINT one_hidden_case_per_name UNIQUE (skill_id, name);


--
-- Name: skills_skilllabel one_label_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_skilllabel
    ADD CONSTRAINT one_label_once UNIQUE (skill_id, label_id);


--
-- Name: skills_label one_label_per_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_label
    ADD CONSTRAINT one_label_per_name UNIQUE (team_id, name);


--
-- Name: skills_portfoliomodel one_model_per_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_portfoliomodel
    ADD CONSTRAINT one_model_per_name UNIQUE (provider_id, name);


--
-- Name: skills_overrule one_overrule_per_assertion; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_overrule
    ADD CONSTRAINT one_overrule_per_assertion UNIQUE (trial_id, assertion);


--
-- Name: skills_period one_period_per_start_and_subject; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_period
    ADD CONSTRAINT one_period_per_start_and_subject UNIQUE (budget_id, starts_at, subject);


--
-- Name: skills_noticepreference one_preference_per_kind; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_noticepreference
    ADD CONSTRAINT one_preference_per_kind UNIQUE (account_id, kind);


--
-- Name: skills_trustedpublisher one_publisher_per_run; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_trustedpublisher
    ADD CONSTRAINT one_publisher_per_run UNIQUE (team_id, issuer, repository, workflow, environment, ref, claims);


--
-- Name: skills_membership one_role_per_team; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_membership
    ADD CONSTRAINT one_role_per_team UNIQUE (team_id, account_id);


--
-- Name: skills_callgroup one_row_of_a_call_group; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_callgroup
    ADD CONSTRAINT one_row_of_a_call_group UNIQUE NULLS NOT DISTINCT (run_id, session, account_id, team_id, token_id, skill_id, version_id, agent, role, day);


--
-- Name: skills_spending one_row_of_spending; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_spending
    ADD CONSTRAINT one_row_of_spending UNIQUE NULLS NOT DISTINCT (grain, day, account_id, team_id, token_id, skill_id, version_id, agent, model, role);


--
-- Name: skills_version one_row_per_attempt; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_version
    ADD CONSTRAINT one_row_per_attempt UNIQUE (skill_id, number, attempt);


--
-- Name: skills_cumulativeseries one_row_per_cumulative_series; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_cumulativeseries
    ADD CONSTRAINT one_row_per_cumulative_series UNIQUE (account_id, key);


--
-- Name: skills_reportedsession one_row_per_reported_session; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_reportedsession
    ADD CONSTRAINT one_row_per_reported_session UNIQUE (account_id, session);


--
-- Name: skills_trial one_row_per_trial; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_trial
    ADD CONSTRAINT one_row_per_trial UNIQUE (run_id, "case", arm, model_id, repeat);


--
-- Name: skills_waitingusage one_row_per_waiting_usage; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_waitingusage
    ADD CONSTRAINT one_row_per_waiting_usage UNIQUE (account_id, key);


--
-- Name: skills_skill one_skill_per_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_skill
    ADD CONSTRAINT one_skill_per_name UNIQUE (team_id, name);


--
-- Name: skills_sourcepath one_skill_per_source_path; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_sourcepath
    ADD CONSTRAINT one_skill_per_source_path UNIQUE (team_id, source, path);


--
-- Name: skills_source one_source_per_place; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_source
    ADD CONSTRAINT one_source_per_place UNIQUE (team_id, kind, url, ref, folder, names);


--
-- Name: skills_star one_star_each; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_star
    ADD CONSTRAINT one_star_each UNIQUE (account_id, skill_id);


--
-- Name: skills_viewedfile one_tick_of_a_file; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_viewedfile
    ADD CONSTRAINT one_tick_of_a_file UNIQUE (account_id, skill_id, path, sha256);


--
-- Name: skills_unreviewedskill one_unreviewed_skill_per_text; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_unreviewedskill
    ADD CONSTRAINT one_unreviewed_skill_per_text UNIQUE (team_id, name, digest);


--
-- Name: skills_passage one_vector_per_piece; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_passage
    ADD CONSTRAINT one_vector_per_piece UNIQUE (document_id, generation_id, piece);


--
-- Name: skills_reviewvisit one_visit_of_a_version; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_reviewvisit
    ADD CONSTRAINT one_visit_of_a_version UNIQUE (version_id, account_id);


--
-- Name: skills_casewaiver one_waiver_per_case; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_casewaiver
    ADD CONSTRAINT one_waiver_per_case UNIQUE (skill_id, "case");


--
-- Name: skills_account_groups skills_account_groups_account_id_group_id_a58ba388_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_account_groups
    ADD CONSTRAINT skills_account_groups_account_id_group_id_a58ba388_uniq UNIQUE (account_id, group_id);


--
-- Name: skills_account_groups skills_account_groups_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_account_groups
    ADD CONSTRAINT skills_account_groups_pkey PRIMARY KEY (id);


--
-- Name: skills_account skills_account_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_account
    ADD CONSTRAINT skills_account_pkey PRIMARY KEY (id);


--
-- Name: skills_account_user_permissions skills_account_user_perm_account_id_permission_id_5bb71ef2_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_account_user_permissions
    ADD CONSTRAINT skills_account_user_perm_account_id_permission_id_5bb71ef2_uniq UNIQUE (account_id, permission_id);


--
-- Name: skills_account_user_permissions skills_account_user_permissions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_account_user_permissions
    ADD CONSTRAINT skills_account_user_permissions_pkey PRIMARY KEY (id);


--
-- Name: skills_account skills_account_username_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_account
    ADD CONSTRAINT skills_account_username_key UNIQUE (username);


--
-- Name: skills_auditcheckpoint skills_auditcheckpoint_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_auditcheckpoint
    ADD CONSTRAINT skills_auditcheckpoint_pkey PRIMARY KEY (id);


--
-- Name: skills_auditcheckpoint skills_auditcheckpoint_size_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_auditcheckpoint
    ADD CONSTRAINT skills_auditcheckpoint_size_key UNIQUE (size);


--
-- Name: skills_budget skills_budget_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_budget
    ADD CONSTRAINT skills_budget_pkey PRIMARY KEY (id);


--
-- Name: skills_budgetwebhook skills_budgetwebhook_budget_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_budgetwebhook
    ADD CONSTRAINT skills_budgetwebhook_budget_id_key UNIQUE (budget_id);


--
-- Name: skills_budgetwebhook skills_budgetwebhook_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_budgetwebhook
    ADD CONSTRAINT skills_budgetwebhook_pkey PRIMARY KEY (id);


--
-- Name: skills_callgroup skills_callgroup_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_callgroup
    ADD CONSTRAINT skills_callgroup_pkey PRIMARY KEY (id);


--
-- Name: skills_callkeeping skills_callkeeping_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_callkeeping
    ADD CONSTRAINT skills_callkeeping_pkey PRIMARY KEY (id);


--
-- Name: skills_callkeeping skills_callkeeping_team_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_callkeeping
    ADD CONSTRAINT skills_callkeeping_team_id_key UNIQUE (team_id);


--
-- Name: skills_casedraft skills_casedraft_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_casedraft
    ADD CONSTRAINT skills_casedraft_pkey PRIMARY KEY (id);


--
-- Name: skills_casewaiver skills_casewaiver_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_casewaiver
    ADD CONSTRAINT skills_casewaiver_pkey PRIMARY KEY (id);


--
-- Name: skills_channel skills_channel_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_channel
    ADD CONSTRAINT skills_channel_pkey PRIMARY KEY (id);


--
-- Name: skills_comment skills_comment_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_comment
    ADD CONSTRAINT skills_comment_pkey PRIMARY KEY (id);


--
-- Name: skills_commentdraft skills_commentdraft_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_commentdraft
    ADD CONSTRAINT skills_commentdraft_pkey PRIMARY KEY (id);


--
-- Name: skills_cumulativeseries skills_cumulativeseries_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_cumulativeseries
    ADD CONSTRAINT skills_cumulativeseries_pkey PRIMARY KEY (id);


--
-- Name: skills_damagedblob skills_damagedblob_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_damagedblob
    ADD CONSTRAINT skills_damagedblob_pkey PRIMARY KEY (digest);


--
-- Name: skills_decision skills_decision_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_decision
    ADD CONSTRAINT skills_decision_pkey PRIMARY KEY (id);


--
-- Name: skills_defaultbudget skills_defaultbudget_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_defaultbudget
    ADD CONSTRAINT skills_defaultbudget_pkey PRIMARY KEY (id);


--
-- Name: skills_defaultbudget skills_defaultbudget_whom_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_defaultbudget
    ADD CONSTRAINT skills_defaultbudget_whom_key UNIQUE (whom);


--
-- Name: skills_denial skills_denial_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_denial
    ADD CONSTRAINT skills_denial_pkey PRIMARY KEY (id);


--
-- Name: skills_denial skills_denial_version_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_denial
    ADD CONSTRAINT skills_denial_version_id_key UNIQUE (version_id);


--
-- Name: skills_document skills_document_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_document
    ADD CONSTRAINT skills_document_pkey PRIMARY KEY (skill_id);


--
-- Name: skills_event skills_event_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_event
    ADD CONSTRAINT skills_event_pkey PRIMARY KEY (id);


--
-- Name: skills_event skills_event_seq_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_event
    ADD CONSTRAINT skills_event_seq_key UNIQUE (seq);


--
-- Name: skills_fetchday skills_fetchday_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_fetchday
    ADD CONSTRAINT skills_fetchday_pkey PRIMARY KEY (id);


--
-- Name: skills_file skills_file_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_file
    ADD CONSTRAINT skills_file_pkey PRIMARY KEY (id);


--
-- Name: skills_finding skills_finding_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_finding
    ADD CONSTRAINT skills_finding_pkey PRIMARY KEY (id);


--
-- Name: skills_follow skills_follow_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_follow
    ADD CONSTRAINT skills_follow_pkey PRIMARY KEY (id);


--
-- Name: skills_generation skills_generation_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_generation
    ADD CONSTRAINT skills_generation_pkey PRIMARY KEY (id);


--
-- Name: skills_grant skills_grant_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_grant
    ADD CONSTRAINT skills_grant_pkey PRIMARY KEY (id);


--
-- Name: skills_hiddencase skills_hiddencase_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_hiddencase
    ADD CONSTRAINT skills_hiddencase_pkey PRIMARY KEY (id);


--
-- Name: skills_hold skills_hold_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_hold
    ADD CONSTRAINT skills_hold_pkey PRIMARY KEY (id);


--
-- Name: skills_importrun skills_importrun_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_importrun
    ADD CONSTRAINT skills_importrun_pkey PRIMARY KEY (id);


--
-- Name: skills_invitation skills_invitation_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_invitation
    ADD CONSTRAINT skills_invitation_pkey PRIMARY KEY (id);


--
-- Name: skills_invitation skills_invitation_secret_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_invitation
    ADD CONSTRAINT skills_invitation_secret_hash_key UNIQUE (secret_hash);


--
-- Name: skills_job skills_job_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_job
    ADD CONSTRAINT skills_job_pkey PRIMARY KEY (id);


--
-- Name: skills_keptcall skills_keptcall_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_keptcall
    ADD CONSTRAINT skills_keptcall_pkey PRIMARY KEY (hold_id);


--
-- Name: skills_label skills_label_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_label
    ADD CONSTRAINT skills_label_pkey PRIMARY KEY (id);


--
-- Name: skills_ledgerentry skills_ledgerentry_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_ledgerentry
    ADD CONSTRAINT skills_ledgerentry_pkey PRIMARY KEY (id);


--
-- Name: skills_maintainer skills_maintainer_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_maintainer
    ADD CONSTRAINT skills_maintainer_pkey PRIMARY KEY (id);


--
-- Name: skills_membership skills_membership_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_membership
    ADD CONSTRAINT skills_membership_pkey PRIMARY KEY (id);


--
-- Name: skills_modelalias skills_modelalias_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_modelalias
    ADD CONSTRAINT skills_modelalias_pkey PRIMARY KEY (id);


--
-- Name: skills_namerequest skills_namerequest_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_namerequest
    ADD CONSTRAINT skills_namerequest_pkey PRIMARY KEY (id);


--
-- Name: skills_notice skills_notice_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_notice
    ADD CONSTRAINT skills_notice_pkey PRIMARY KEY (id);


--
-- Name: skills_noticepreference skills_noticepreference_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_noticepreference
    ADD CONSTRAINT skills_noticepreference_pkey PRIMARY KEY (id);


--
-- Name: skills_overrule skills_overrule_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_overrule
    ADD CONSTRAINT skills_overrule_pkey PRIMARY KEY (id);


--
-- Name: skills_passage skills_passage_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_passage
    ADD CONSTRAINT skills_passage_pkey PRIMARY KEY (id);


--
-- Name: skills_period skills_period_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_period
    ADD CONSTRAINT skills_period_pkey PRIMARY KEY (id);


--
-- Name: skills_policy skills_policy_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_policy
    ADD CONSTRAINT skills_policy_pkey PRIMARY KEY (id);


--
-- Name: skills_policy skills_policy_team_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_policy
    ADD CONSTRAINT skills_policy_team_id_key UNIQUE (team_id);


--
-- Name: skills_portfolio_chosen skills_portfolio_chosen_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_portfolio_chosen
    ADD CONSTRAINT skills_portfolio_chosen_pkey PRIMARY KEY (id);


--
-- Name: skills_portfolio_chosen skills_portfolio_chosen_portfolio_id_portfoliomo_65a37ba7_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_portfolio_chosen
    ADD CONSTRAINT skills_portfolio_chosen_portfolio_id_portfoliomo_65a37ba7_uniq UNIQUE (portfolio_id, portfoliomodel_id);


--
-- Name: skills_portfolio skills_portfolio_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_portfolio
    ADD CONSTRAINT skills_portfolio_pkey PRIMARY KEY (id);


--
-- Name: skills_portfolio skills_portfolio_team_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_portfolio
    ADD CONSTRAINT skills_portfolio_team_id_key UNIQUE (team_id);


--
-- Name: skills_portfoliomodel skills_portfoliomodel_label_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_portfoliomodel
    ADD CONSTRAINT skills_portfoliomodel_label_key UNIQUE (label);


--
-- Name: skills_portfoliomodel skills_portfoliomodel_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_portfoliomodel
    ADD CONSTRAINT skills_portfoliomodel_pkey PRIMARY KEY (id);


--
-- Name: skills_price skills_price_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_price
    ADD CONSTRAINT skills_price_pkey PRIMARY KEY (id);


--
-- Name: skills_provenance skills_provenance_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_provenance
    ADD CONSTRAINT skills_provenance_pkey PRIMARY KEY (id);


--
-- Name: skills_provenance skills_provenance_version_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_provenance
    ADD CONSTRAINT skills_provenance_version_id_key UNIQUE (version_id);


--
-- Name: skills_provider skills_provider_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_provider
    ADD CONSTRAINT skills_provider_name_key UNIQUE (name);


--
-- Name: skills_provider skills_provider_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_provider
    ADD CONSTRAINT skills_provider_pkey PRIMARY KEY (id);


--
-- Name: skills_releasestatement skills_releasestatement_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_releasestatement
    ADD CONSTRAINT skills_releasestatement_pkey PRIMARY KEY (id);


--
-- Name: skills_releasestatement skills_releasestatement_version_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_releasestatement
    ADD CONSTRAINT skills_releasestatement_version_id_key UNIQUE (version_id);


--
-- Name: skills_report skills_report_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_report
    ADD CONSTRAINT skills_report_pkey PRIMARY KEY (id);


--
-- Name: skills_reportedsession skills_reportedsession_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_reportedsession
    ADD CONSTRAINT skills_reportedsession_pkey PRIMARY KEY (id);


--
-- Name: skills_reviewvisit skills_reviewvisit_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_reviewvisit
    ADD CONSTRAINT skills_reviewvisit_pkey PRIMARY KEY (id);


--
-- Name: skills_run skills_run_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_run
    ADD CONSTRAINT skills_run_pkey PRIMARY KEY (id);


--
-- Name: skills_scan skills_scan_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_scan
    ADD CONSTRAINT skills_scan_pkey PRIMARY KEY (id);


--
-- Name: skills_scan skills_scan_version_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_scan
    ADD CONSTRAINT skills_scan_version_id_key UNIQUE (version_id);


--
-- Name: skills_searchentry skills_searchentry_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_searchentry
    ADD CONSTRAINT skills_searchentry_pkey PRIMARY KEY (id);


--
-- Name: skills_signeddocument skills_signeddocument_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_signeddocument
    ADD CONSTRAINT skills_signeddocument_name_key UNIQUE (name);


--
-- Name: skills_signeddocument skills_signeddocument_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_signeddocument
    ADD CONSTRAINT skills_signeddocument_pkey PRIMARY KEY (id);


--
-- Name: skills_signingkey skills_signingkey_keyid_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_signingkey
    ADD CONSTRAINT skills_signingkey_keyid_key UNIQUE (keyid);


--
-- Name: skills_signingkey skills_signingkey_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_signingkey
    ADD CONSTRAINT skills_signingkey_pkey PRIMARY KEY (id);


--
-- Name: skills_skill skills_skill_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_skill
    ADD CONSTRAINT skills_skill_pkey PRIMARY KEY (id);


--
-- Name: skills_skilllabel skills_skilllabel_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_skilllabel
    ADD CONSTRAINT skills_skilllabel_pkey PRIMARY KEY (id);


--
-- Name: skills_skillname skills_skillname_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_skillname
    ADD CONSTRAINT skills_skillname_pkey PRIMARY KEY (id);


--
-- Name: skills_source skills_source_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_source
    ADD CONSTRAINT skills_source_pkey PRIMARY KEY (id);


--
-- Name: skills_sourcepath skills_sourcepath_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_sourcepath
    ADD CONSTRAINT skills_sourcepath_pkey PRIMARY KEY (id);


--
-- Name: skills_spending skills_spending_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_spending
    ADD CONSTRAINT skills_spending_pkey PRIMARY KEY (id);


--
-- Name: skills_spendingchange skills_spendingchange_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_spendingchange
    ADD CONSTRAINT skills_spendingchange_pkey PRIMARY KEY (id);


--
-- Name: skills_star skills_star_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_star
    ADD CONSTRAINT skills_star_pkey PRIMARY KEY (id);


--
-- Name: skills_sync skills_sync_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_sync
    ADD CONSTRAINT skills_sync_pkey PRIMARY KEY (id);


--
-- Name: skills_team skills_team_handle_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_team
    ADD CONSTRAINT skills_team_handle_key UNIQUE (handle);


--
-- Name: skills_team skills_team_personal_of_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_team
    ADD CONSTRAINT skills_team_personal_of_id_key UNIQUE (personal_of_id);


--
-- Name: skills_team skills_team_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_team
    ADD CONSTRAINT skills_team_pkey PRIMARY KEY (id);


--
-- Name: skills_telemetrywish skills_telemetrywish_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_telemetrywish
    ADD CONSTRAINT skills_telemetrywish_pkey PRIMARY KEY (id);


--
-- Name: skills_telemetrywish skills_telemetrywish_team_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_telemetrywish
    ADD CONSTRAINT skills_telemetrywish_team_id_key UNIQUE (team_id);


--
-- Name: skills_term skills_term_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_term
    ADD CONSTRAINT skills_term_pkey PRIMARY KEY (id);


--
-- Name: skills_token skills_token_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_token
    ADD CONSTRAINT skills_token_pkey PRIMARY KEY (id);


--
-- Name: skills_token skills_token_secret_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_token
    ADD CONSTRAINT skills_token_secret_hash_key UNIQUE (secret_hash);


--
-- Name: skills_token_teams skills_token_teams_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_token_teams
    ADD CONSTRAINT skills_token_teams_pkey PRIMARY KEY (id);


--
-- Name: skills_token_teams skills_token_teams_token_id_team_id_a8104440_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_token_teams
    ADD CONSTRAINT skills_token_teams_token_id_team_id_a8104440_uniq UNIQUE (token_id, team_id);


--
-- Name: skills_transcript skills_transcript_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_transcript
    ADD CONSTRAINT skills_transcript_pkey PRIMARY KEY (id);


--
-- Name: skills_transcript skills_transcript_trial_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_transcript
    ADD CONSTRAINT skills_transcript_trial_id_key UNIQUE (trial_id);


--
-- Name: skills_trial skills_trial_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_trial
    ADD CONSTRAINT skills_trial_pkey PRIMARY KEY (id);


--
-- Name: skills_trustedpublisher skills_trustedpublisher_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_trustedpublisher
    ADD CONSTRAINT skills_trustedpublisher_pkey PRIMARY KEY (id);


--
-- Name: skills_unreviewedskill skills_unreviewedskill_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_unreviewedskill
    ADD CONSTRAINT skills_unreviewedskill_pkey PRIMARY KEY (id);


--
-- Name: skills_upload skills_upload_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_upload
    ADD CONSTRAINT skills_upload_pkey PRIMARY KEY (id);


--
-- Name: skills_uploadticket skills_uploadticket_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_uploadticket
    ADD CONSTRAINT skills_uploadticket_pkey PRIMARY KEY (id);


--
-- Name: skills_usedtoken skills_usedtoken_mark_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_usedtoken
    ADD CONSTRAINT skills_usedtoken_mark_key UNIQUE (mark);


--
-- Name: skills_usedtoken skills_usedtoken_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_usedtoken
    ADD CONSTRAINT skills_usedtoken_pkey PRIMARY KEY (id);


--
-- Name: skills_version skills_version_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_version
    ADD CONSTRAINT skills_version_pkey PRIMARY KEY (id);


--
-- Name: skills_versionfingerprint skills_versionfingerprint_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_versionfingerprint
    ADD CONSTRAINT skills_versionfingerprint_pkey PRIMARY KEY (id);


--
-- Name: skills_versionfingerprint skills_versionfingerprint_version_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_versionfingerprint
    ADD CONSTRAINT skills_versionfingerprint_version_id_key UNIQUE (version_id);


--
-- Name: skills_viewedfile skills_viewedfile_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_viewedfile
    ADD CONSTRAINT skills_viewedfile_pkey PRIMARY KEY (id);


--
-- Name: skills_waitingusage skills_waitingusage_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_waitingusage
    ADD CONSTRAINT skills_waitingusage_pkey PRIMARY KEY (id);


--
-- Name: socialaccount_socialaccount socialaccount_socialaccount_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.socialaccount_socialaccount
    ADD CONSTRAINT socialaccount_socialaccount_pkey PRIMARY KEY (id);


--
-- Name: socialaccount_socialaccount socialaccount_socialaccount_provider_uid_fc810c6e_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.socialaccount_socialaccount
    ADD CONSTRAINT socialaccount_socialaccount_provider_uid_fc810c6e_uniq UNIQUE (provider, uid);


--
-- Name: socialaccount_socialapp socialaccount_socialapp_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.socialaccount_socialapp
    ADD CONSTRAINT socialaccount_socialapp_pkey PRIMARY KEY (id);


--
-- Name: socialaccount_socialtoken socialaccount_socialtoken_app_id_account_id_fca4e0ac_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_socialtoken_app_id_account_id_fca4e0ac_uniq UNIQUE (app_id, account_id);


--
-- Name: socialaccount_socialtoken socialaccount_socialtoken_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_socialtoken_pkey PRIMARY KEY (id);


--
-- Name: usersessions_usersession usersessions_usersession_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_pkey PRIMARY KEY (id);


--
-- Name: usersessions_usersession usersessions_usersession_session_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_session_key_key UNIQUE (session_key);


--
-- Name: account_emailaddress_email_03be32b2; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);


--
-- Name: account_emailaddress_email_03be32b2_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);


--
-- Name: account_emailaddress_user_id_2c513194; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);


--
-- Name: account_emailconfirmation_email_address_id_5b7f8c58; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);


--
-- Name: account_emailconfirmation_key_f43612bd_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);


--
-- Name: auth_group_name_a6ea08ec_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);


--
-- Name: auth_group_permissions_group_id_b120cbf9; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);


--
-- Name: auth_group_permissions_permission_id_84c5c92e; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);


--
-- Name: auth_permission_content_type_id_2f476e4b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);


--
-- Name: call_group_by_end; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX call_group_by_end ON public.skills_callgroup USING btree (last_at);


--
-- Name: call_group_of_account; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX call_group_of_account ON public.skills_callgroup USING btree (account_id, last_at);


--
-- Name: call_group_of_skill; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX call_group_of_skill ON public.skills_callgroup USING btree (skill_id, last_at) WHERE (skill_id IS NOT NULL);


--
-- Name: call_group_of_team; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX call_group_of_team ON public.skills_callgroup USING btree (team_id, last_at);


--
-- Name: comment_place; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX comment_place ON public.skills_comment USING btree (version_id, path, line);


--
-- Name: cumulative_series_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX cumulative_series_age ON public.skills_cumulativeseries USING btree (seen_at);


--
-- Name: denial_digests; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX denial_digests ON public.skills_denial USING gin (digests);


--
-- Name: django_session_expire_date_a5c62663; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);


--
-- Name: django_session_session_key_c0390e0f_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);


--
-- Name: document_facets; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX document_facets ON public.skills_document USING gin (facets) WITH (fastupdate=off);


--
-- Name: document_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX document_name ON public.skills_document USING btree (name varchar_pattern_ops);


--
-- Name: document_scope; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX document_scope ON public.skills_document USING btree (scope);


--
-- Name: document_strong; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX document_strong ON public.skills_document USING gin (strong) WITH (fastupdate=off);


--
-- Name: document_terms; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX document_terms ON public.skills_document USING gin (terms) WITH (fastupdate=off);


--
-- Name: draft_of_author; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX draft_of_author ON public.skills_commentdraft USING btree (version_id, author_id);


--
-- Name: entry_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX entry_age ON public.skills_searchentry USING btree (at);


--
-- Name: entry_of; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX entry_of ON public.skills_searchentry USING btree (account, at DESC);


--
-- Name: entry_of_period; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX entry_of_period ON public.skills_ledgerentry USING btree (period_id, id DESC);


--
-- Name: entry_of_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX entry_of_run ON public.skills_ledgerentry USING btree (run_id);


--
-- Name: event_by_act; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX event_by_act ON public.skills_event USING btree (act, id DESC);


--
-- Name: event_of_team; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX event_of_team ON public.skills_event USING btree (team_id, id DESC);


--
-- Name: event_unsealed; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX event_unsealed ON public.skills_event USING btree (id) WHERE (seq IS NULL);


--
-- Name: finding_place; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX finding_place ON public.skills_finding USING btree (scan_id, path, line);


--
-- Name: grant_that_may_expire; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX grant_that_may_expire ON public.skills_grant USING btree (expires_at) WHERE (ended_at IS NULL);


--
-- Name: hold_by_end; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX hold_by_end ON public.skills_hold USING btree (ended_at, id);


--
-- Name: hold_lost; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX hold_lost ON public.skills_hold USING btree (created_at DESC) WHERE ((state)::text = 'lost'::text);


--
-- Name: hold_measured; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX hold_measured ON public.skills_hold USING btree (tokenizer, created_at DESC) WHERE ((sent_tokens > 0) AND ((state)::text = 'settled'::text));


--
-- Name: hold_of_account; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX hold_of_account ON public.skills_hold USING btree (account_id, ended_at, id);


--
-- Name: hold_of_request; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX hold_of_request ON public.skills_hold USING btree (request_id) WHERE (NOT ((request_id)::text = ''::text));


--
-- Name: hold_of_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX hold_of_run ON public.skills_hold USING btree (run_id);


--
-- Name: hold_of_session; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX hold_of_session ON public.skills_hold USING btree (session) WHERE (NOT ((session)::text = ''::text));


--
-- Name: hold_of_team; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX hold_of_team ON public.skills_hold USING btree (team_id, ended_at, id);


--
-- Name: hold_open; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX hold_open ON public.skills_hold USING btree (expires_at) WHERE ((state)::text = 'held'::text);


--
-- Name: hold_told_as_work; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX hold_told_as_work ON public.skills_hold USING btree (id) WHERE (((role)::text = 'work'::text) AND ((state)::text = 'reported'::text));


--
-- Name: hold_without_end; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX hold_without_end ON public.skills_hold USING btree (id) WHERE ((ended_at IS NULL) AND (NOT ((state)::text = 'held'::text)));


--
-- Name: import_of_team; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX import_of_team ON public.skills_importrun USING btree (team_id, id DESC);


--
-- Name: job_open; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX job_open ON public.skills_job USING btree (due_at) WHERE ((state)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying])::text[]));


--
-- Name: kept_call_end; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX kept_call_end ON public.skills_keptcall USING btree (delete_at);


--
-- Name: kept_call_of_account; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX kept_call_of_account ON public.skills_keptcall USING btree (account_id, at DESC);


--
-- Name: kept_call_of_team; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX kept_call_of_team ON public.skills_keptcall USING btree (team_id, at DESC);


--
-- Name: mfa_authenticator_user_id_0c3a50c0; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);


--
-- Name: notice_of_account; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notice_of_account ON public.skills_notice USING btree (account_id, id DESC);


--
-- Name: notice_unread; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notice_unread ON public.skills_notice USING btree (account_id) WHERE (read_at IS NULL);


--
-- Name: one_account_per_email; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX one_account_per_email ON public.skills_account USING btree (lower((email)::text)) WHERE (NOT ((email)::text = ''::text));


--
-- Name: one_approval_per_reviewer; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX one_approval_per_reviewer ON public.skills_decision USING btree (version_id, reviewer_id) WHERE ((verdict)::text = 'approve'::text);


--
-- Name: one_default_judge; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX one_default_judge ON public.skills_portfoliomodel USING btree (is_default_judge) WHERE is_default_judge;


--
-- Name: one_live_row_per_number; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX one_live_row_per_number ON public.skills_version USING btree (skill_id, number) WHERE (((state)::text = ANY ((ARRAY['scanning'::character varying, 'in_review'::character varying])::text[])) OR (approved_at IS NOT NULL));


--
-- Name: one_open_job_per_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX one_open_job_per_key ON public.skills_job USING btree (key) WHERE ((state)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying])::text[]));


--
-- Name: one_open_report_each; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX one_open_report_each ON public.skills_report USING btree (skill_id, reporter_id) WHERE (closed_at IS NULL);


--
-- Name: one_open_sync_per_source; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX one_open_sync_per_source ON public.skills_sync USING btree (source_id, is_plan) WHERE ((state)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying])::text[]));


--
-- Name: passage_scope; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX passage_scope ON public.skills_passage USING btree (scope);


--
-- Name: price_of_model; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX price_of_model ON public.skills_price USING btree (kind, model, id DESC);


--
-- Name: reported_session_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX reported_session_age ON public.skills_reportedsession USING btree (seen_at);


--
-- Name: run_of_bytes; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX run_of_bytes ON public.skills_run USING btree (skill_id, digest, id DESC);


--
-- Name: run_of_skill; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX run_of_skill ON public.skills_run USING btree (skill_id, id DESC);


--
-- Name: run_of_team; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX run_of_team ON public.skills_run USING btree (team_id, state);


--
-- Name: run_of_version; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX run_of_version ON public.skills_run USING btree (version_id, id DESC);


--
-- Name: run_open; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX run_open ON public.skills_run USING btree (id) WHERE ((state)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying])::text[]));


--
-- Name: run_served; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX run_served ON public.skills_run USING btree (team_id, started_at DESC);


--
-- Name: skill_by_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skill_by_name ON public.skills_skill USING btree (name, id);


--
-- Name: skill_newest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skill_newest ON public.skills_skill USING btree (updated_at DESC, id DESC);


--
-- Name: skill_tags; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skill_tags ON public.skills_skill USING gin (tags);


--
-- Name: skills_account_created_by_id_f24ff6da; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_account_created_by_id_f24ff6da ON public.skills_account USING btree (created_by_id);


--
-- Name: skills_account_groups_account_id_78e6b621; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_account_groups_account_id_78e6b621 ON public.skills_account_groups USING btree (account_id);


--
-- Name: skills_account_groups_group_id_f4612f00; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_account_groups_group_id_f4612f00 ON public.skills_account_groups USING btree (group_id);


--
-- Name: skills_account_service_of_id_85f2662c; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_account_service_of_id_85f2662c ON public.skills_account USING btree (service_of_id);


--
-- Name: skills_account_user_permissions_account_id_078eb53d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_account_user_permissions_account_id_078eb53d ON public.skills_account_user_permissions USING btree (account_id);


--
-- Name: skills_account_user_permissions_permission_id_207c0020; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_account_user_permissions_permission_id_207c0020 ON public.skills_account_user_permissions USING btree (permission_id);


--
-- Name: skills_account_username_3e300001_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_account_username_3e300001_like ON public.skills_account USING btree (username varchar_pattern_ops);


--
-- Name: skills_budget_account_id_a814e27b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_budget_account_id_a814e27b ON public.skills_budget USING btree (account_id);


--
-- Name: skills_budget_team_id_f3e42a9c; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_budget_team_id_f3e42a9c ON public.skills_budget USING btree (team_id);


--
-- Name: skills_budget_token_id_d6b99367; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_budget_token_id_d6b99367 ON public.skills_budget USING btree (token_id);


--
-- Name: skills_casedraft_created_at_1e8b4d1a; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_casedraft_created_at_1e8b4d1a ON public.skills_casedraft USING btree (created_at);


--
-- Name: skills_casedraft_model_id_014c2537; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_casedraft_model_id_014c2537 ON public.skills_casedraft USING btree (model_id);


--
-- Name: skills_casedraft_requested_by_id_70811b63; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_casedraft_requested_by_id_70811b63 ON public.skills_casedraft USING btree (requested_by_id);


--
-- Name: skills_casedraft_trial_id_1a108d72; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_casedraft_trial_id_1a108d72 ON public.skills_casedraft USING btree (trial_id);


--
-- Name: skills_casedraft_version_id_c1d83473; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_casedraft_version_id_c1d83473 ON public.skills_casedraft USING btree (version_id);


--
-- Name: skills_casewaiver_by_id_1e8c9e14; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_casewaiver_by_id_1e8c9e14 ON public.skills_casewaiver USING btree (by_id);


--
-- Name: skills_casewaiver_skill_id_8cf0d64c; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_casewaiver_skill_id_8cf0d64c ON public.skills_casewaiver USING btree (skill_id);


--
-- Name: skills_channel_skill_id_32a46c1a; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_channel_skill_id_32a46c1a ON public.skills_channel USING btree (skill_id);


--
-- Name: skills_channel_version_id_c5b3c8e0; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_channel_version_id_c5b3c8e0 ON public.skills_channel USING btree (version_id);


--
-- Name: skills_comment_author_id_ebe43813; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_comment_author_id_ebe43813 ON public.skills_comment USING btree (author_id);


--
-- Name: skills_comment_base_id_26c51607; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_comment_base_id_26c51607 ON public.skills_comment USING btree (base_id);


--
-- Name: skills_comment_parent_id_65970b6a; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_comment_parent_id_65970b6a ON public.skills_comment USING btree (parent_id);


--
-- Name: skills_comment_resolved_by_id_db7e241d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_comment_resolved_by_id_db7e241d ON public.skills_comment USING btree (resolved_by_id);


--
-- Name: skills_comment_version_id_f68b7359; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_comment_version_id_f68b7359 ON public.skills_comment USING btree (version_id);


--
-- Name: skills_commentdraft_author_id_5a1360db; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_commentdraft_author_id_5a1360db ON public.skills_commentdraft USING btree (author_id);


--
-- Name: skills_commentdraft_base_id_d2adf270; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_commentdraft_base_id_d2adf270 ON public.skills_commentdraft USING btree (base_id);


--
-- Name: skills_commentdraft_parent_id_12aa0544; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_commentdraft_parent_id_12aa0544 ON public.skills_commentdraft USING btree (parent_id);


--
-- Name: skills_commentdraft_version_id_b860ca3a; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_commentdraft_version_id_b860ca3a ON public.skills_commentdraft USING btree (version_id);


--
-- Name: skills_cumulativeseries_account_id_7a2651cf; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_cumulativeseries_account_id_7a2651cf ON public.skills_cumulativeseries USING btree (account_id);


--
-- Name: skills_damagedblob_digest_0dde3d29_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_damagedblob_digest_0dde3d29_like ON public.skills_damagedblob USING btree (digest varchar_pattern_ops);


--
-- Name: skills_decision_author_id_c234134f; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_decision_author_id_c234134f ON public.skills_decision USING btree (author_id);


--
-- Name: skills_decision_base_id_269580d3; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_decision_base_id_269580d3 ON public.skills_decision USING btree (base_id);


--
-- Name: skills_decision_responsible_id_cf9bf08d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_decision_responsible_id_cf9bf08d ON public.skills_decision USING btree (responsible_id);


--
-- Name: skills_decision_reviewer_id_61a41298; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_decision_reviewer_id_61a41298 ON public.skills_decision USING btree (reviewer_id);


--
-- Name: skills_decision_version_id_0530ed31; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_decision_version_id_0530ed31 ON public.skills_decision USING btree (version_id);


--
-- Name: skills_defaultbudget_whom_2741effe_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_defaultbudget_whom_2741effe_like ON public.skills_defaultbudget USING btree (whom varchar_pattern_ops);


--
-- Name: skills_denial_denied_by_id_85891960; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_denial_denied_by_id_85891960 ON public.skills_denial USING btree (denied_by_id);


--
-- Name: skills_denial_lifted_by_id_ac1a066a; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_denial_lifted_by_id_ac1a066a ON public.skills_denial USING btree (lifted_by_id);


--
-- Name: skills_event_actor_id_66c5a5ae; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_event_actor_id_66c5a5ae ON public.skills_event USING btree (actor_id);


--
-- Name: skills_fetchday_team_id_f92e1f4a; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_fetchday_team_id_f92e1f4a ON public.skills_fetchday USING btree (team_id);


--
-- Name: skills_fetchday_version_id_7971e47a; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_fetchday_version_id_7971e47a ON public.skills_fetchday USING btree (version_id);


--
-- Name: skills_file_version_id_70e62894; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_file_version_id_70e62894 ON public.skills_file USING btree (version_id);


--
-- Name: skills_finding_scan_id_30be636e; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_finding_scan_id_30be636e ON public.skills_finding USING btree (scan_id);


--
-- Name: skills_finding_waived_by_id_27ad023d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_finding_waived_by_id_27ad023d ON public.skills_finding USING btree (waived_by_id);


--
-- Name: skills_follow_account_id_8213b218; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_follow_account_id_8213b218 ON public.skills_follow USING btree (account_id);


--
-- Name: skills_follow_skill_id_faed1ce3; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_follow_skill_id_faed1ce3 ON public.skills_follow USING btree (skill_id);


--
-- Name: skills_follow_team_id_b8d86767; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_follow_team_id_b8d86767 ON public.skills_follow USING btree (team_id);


--
-- Name: skills_grant_period_id_dcdb34fd; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_grant_period_id_dcdb34fd ON public.skills_grant USING btree (period_id);


--
-- Name: skills_hiddencase_created_by_id_5f302154; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_hiddencase_created_by_id_5f302154 ON public.skills_hiddencase USING btree (created_by_id);


--
-- Name: skills_hiddencase_skill_id_7f76f357; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_hiddencase_skill_id_7f76f357 ON public.skills_hiddencase USING btree (skill_id);


--
-- Name: skills_importrun_by_id_ff3a39b4; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_importrun_by_id_ff3a39b4 ON public.skills_importrun USING btree (by_id);


--
-- Name: skills_importrun_team_id_d5a313d8; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_importrun_team_id_d5a313d8 ON public.skills_importrun USING btree (team_id);


--
-- Name: skills_invitation_invited_by_id_00c4a840; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_invitation_invited_by_id_00c4a840 ON public.skills_invitation USING btree (invited_by_id);


--
-- Name: skills_invitation_secret_hash_f64b7532_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_invitation_secret_hash_f64b7532_like ON public.skills_invitation USING btree (secret_hash varchar_pattern_ops);


--
-- Name: skills_invitation_team_id_91519401; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_invitation_team_id_91519401 ON public.skills_invitation USING btree (team_id);


--
-- Name: skills_keptcall_account_id_1ff213ec; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_keptcall_account_id_1ff213ec ON public.skills_keptcall USING btree (account_id);


--
-- Name: skills_keptcall_team_id_0e6bab43; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_keptcall_team_id_0e6bab43 ON public.skills_keptcall USING btree (team_id);


--
-- Name: skills_label_team_id_5a010b9e; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_label_team_id_5a010b9e ON public.skills_label USING btree (team_id);


--
-- Name: skills_ledgerentry_actor_id_aded1732; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_ledgerentry_actor_id_aded1732 ON public.skills_ledgerentry USING btree (actor_id);


--
-- Name: skills_ledgerentry_hold_id_26f299b6; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_ledgerentry_hold_id_26f299b6 ON public.skills_ledgerentry USING btree (hold_id);


--
-- Name: skills_ledgerentry_period_id_f8dfc4b8; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_ledgerentry_period_id_f8dfc4b8 ON public.skills_ledgerentry USING btree (period_id);


--
-- Name: skills_maintainer_account_id_eefffcf2; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_maintainer_account_id_eefffcf2 ON public.skills_maintainer USING btree (account_id);


--
-- Name: skills_maintainer_skill_id_93d1a676; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_maintainer_skill_id_93d1a676 ON public.skills_maintainer USING btree (skill_id);


--
-- Name: skills_membership_account_id_7fc32afb; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_membership_account_id_7fc32afb ON public.skills_membership USING btree (account_id);


--
-- Name: skills_membership_team_id_bd687652; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_membership_team_id_bd687652 ON public.skills_membership USING btree (team_id);


--
-- Name: skills_modelalias_team_id_05edd608; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_modelalias_team_id_05edd608 ON public.skills_modelalias USING btree (team_id);


--
-- Name: skills_namerequest_asked_by_id_05938af4; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_namerequest_asked_by_id_05938af4 ON public.skills_namerequest USING btree (asked_by_id);


--
-- Name: skills_namerequest_decided_by_id_8607af1a; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_namerequest_decided_by_id_8607af1a ON public.skills_namerequest USING btree (decided_by_id);


--
-- Name: skills_notice_account_id_efe75d14; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_notice_account_id_efe75d14 ON public.skills_notice USING btree (account_id);


--
-- Name: skills_noticepreference_account_id_bfa0e669; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_noticepreference_account_id_bfa0e669 ON public.skills_noticepreference USING btree (account_id);


--
-- Name: skills_overrule_by_id_f5124503; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_overrule_by_id_f5124503 ON public.skills_overrule USING btree (by_id);


--
-- Name: skills_overrule_trial_id_d407dbca; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_overrule_trial_id_d407dbca ON public.skills_overrule USING btree (trial_id);


--
-- Name: skills_period_budget_id_7a3193d2; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_period_budget_id_7a3193d2 ON public.skills_period USING btree (budget_id);


--
-- Name: skills_portfolio_chosen_portfolio_id_50cffaa2; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_portfolio_chosen_portfolio_id_50cffaa2 ON public.skills_portfolio_chosen USING btree (portfolio_id);


--
-- Name: skills_portfolio_chosen_portfoliomodel_id_8bdb1ec3; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_portfolio_chosen_portfoliomodel_id_8bdb1ec3 ON public.skills_portfolio_chosen USING btree (portfoliomodel_id);


--
-- Name: skills_portfolio_judge_id_31fdcd04; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_portfolio_judge_id_31fdcd04 ON public.skills_portfolio USING btree (judge_id);


--
-- Name: skills_portfoliomodel_label_14fbe93f_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_portfoliomodel_label_14fbe93f_like ON public.skills_portfoliomodel USING btree (label varchar_pattern_ops);


--
-- Name: skills_portfoliomodel_price_id_1be42501; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_portfoliomodel_price_id_1be42501 ON public.skills_portfoliomodel USING btree (price_id);


--
-- Name: skills_portfoliomodel_provider_id_e1f8cd2b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_portfoliomodel_provider_id_e1f8cd2b ON public.skills_portfoliomodel USING btree (provider_id);


--
-- Name: skills_price_approved_by_id_30291c72; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_price_approved_by_id_30291c72 ON public.skills_price USING btree (approved_by_id);


--
-- Name: skills_provenance_source_id_4a053e97; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_provenance_source_id_4a053e97 ON public.skills_provenance USING btree (source_id);


--
-- Name: skills_provider_name_215e8b22_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_provider_name_215e8b22_like ON public.skills_provider USING btree (name varchar_pattern_ops);


--
-- Name: skills_report_closed_by_id_108baccb; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_report_closed_by_id_108baccb ON public.skills_report USING btree (closed_by_id);


--
-- Name: skills_report_reporter_id_18c72ae6; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_report_reporter_id_18c72ae6 ON public.skills_report USING btree (reporter_id);


--
-- Name: skills_report_skill_id_ff766861; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_report_skill_id_ff766861 ON public.skills_report USING btree (skill_id);


--
-- Name: skills_report_version_id_ff609f50; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_report_version_id_ff609f50 ON public.skills_report USING btree (version_id);


--
-- Name: skills_reportedsession_account_id_b1a42402; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_reportedsession_account_id_b1a42402 ON public.skills_reportedsession USING btree (account_id);


--
-- Name: skills_reviewvisit_account_id_0f4898db; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_reviewvisit_account_id_0f4898db ON public.skills_reviewvisit USING btree (account_id);


--
-- Name: skills_reviewvisit_version_id_0261685d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_reviewvisit_version_id_0261685d ON public.skills_reviewvisit USING btree (version_id);


--
-- Name: skills_run_parent_id_d523e14d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_run_parent_id_d523e14d ON public.skills_run USING btree (parent_id);


--
-- Name: skills_run_previous_id_f170521d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_run_previous_id_f170521d ON public.skills_run USING btree (previous_id);


--
-- Name: skills_run_requested_by_id_8303bade; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_run_requested_by_id_8303bade ON public.skills_run USING btree (requested_by_id);


--
-- Name: skills_run_skill_id_015eec03; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_run_skill_id_015eec03 ON public.skills_run USING btree (skill_id);


--
-- Name: skills_run_team_id_6080397a; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_run_team_id_6080397a ON public.skills_run USING btree (team_id);


--
-- Name: skills_run_upload_id_38211e54; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_run_upload_id_38211e54 ON public.skills_run USING btree (upload_id);


--
-- Name: skills_run_version_id_f52fb1fb; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_run_version_id_f52fb1fb ON public.skills_run USING btree (version_id);


--
-- Name: skills_searchentry_chosen_id_cb0f225d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_searchentry_chosen_id_cb0f225d ON public.skills_searchentry USING btree (chosen_id);


--
-- Name: skills_signeddocument_name_335b0c44_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_signeddocument_name_335b0c44_like ON public.skills_signeddocument USING btree (name varchar_pattern_ops);


--
-- Name: skills_signingkey_keyid_ae9e4b3a_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_signingkey_keyid_ae9e4b3a_like ON public.skills_signingkey USING btree (keyid varchar_pattern_ops);


--
-- Name: skills_skill_created_by_id_77877541; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_skill_created_by_id_77877541 ON public.skills_skill USING btree (created_by_id);


--
-- Name: skills_skill_latest_id_816226ec; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_skill_latest_id_816226ec ON public.skills_skill USING btree (latest_id);


--
-- Name: skills_skill_shown_id_4f7ab9f9; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_skill_shown_id_4f7ab9f9 ON public.skills_skill USING btree (shown_id);


--
-- Name: skills_skill_successor_id_c8bcb833; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_skill_successor_id_c8bcb833 ON public.skills_skill USING btree (successor_id);


--
-- Name: skills_skill_team_id_050be44a; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_skill_team_id_050be44a ON public.skills_skill USING btree (team_id);


--
-- Name: skills_skilllabel_label_id_e972d405; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_skilllabel_label_id_e972d405 ON public.skills_skilllabel USING btree (label_id);


--
-- Name: skills_skilllabel_skill_id_dbfe6275; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_skilllabel_skill_id_dbfe6275 ON public.skills_skilllabel USING btree (skill_id);


--
-- Name: skills_skillname_skill_id_486310a9; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_skillname_skill_id_486310a9 ON public.skills_skillname USING btree (skill_id);


--
-- Name: skills_skillname_team_id_4c7098f9; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_skillname_team_id_4c7098f9 ON public.skills_skillname USING btree (team_id);


--
-- Name: skills_source_responsible_id_b025941a; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_source_responsible_id_b025941a ON public.skills_source USING btree (responsible_id);


--
-- Name: skills_source_team_id_eebfd09e; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_source_team_id_eebfd09e ON public.skills_source USING btree (team_id);


--
-- Name: skills_sourcepath_skill_id_9683a5a9; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_sourcepath_skill_id_9683a5a9 ON public.skills_sourcepath USING btree (skill_id);


--
-- Name: skills_sourcepath_team_id_e2ccef1a; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_sourcepath_team_id_e2ccef1a ON public.skills_sourcepath USING btree (team_id);


--
-- Name: skills_sourcepath_version_id_0f84bd6d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_sourcepath_version_id_0f84bd6d ON public.skills_sourcepath USING btree (version_id);


--
-- Name: skills_star_account_id_359dda94; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_star_account_id_359dda94 ON public.skills_star USING btree (account_id);


--
-- Name: skills_star_skill_id_7465c108; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_star_skill_id_7465c108 ON public.skills_star USING btree (skill_id);


--
-- Name: skills_sync_by_id_f69e42ad; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_sync_by_id_f69e42ad ON public.skills_sync USING btree (by_id);


--
-- Name: skills_sync_source_id_34f0cc2e; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_sync_source_id_34f0cc2e ON public.skills_sync USING btree (source_id);


--
-- Name: skills_team_handle_1bc275a4_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_team_handle_1bc275a4_like ON public.skills_team USING btree (handle varchar_pattern_ops);


--
-- Name: skills_token_account_id_2376c462; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_token_account_id_2376c462 ON public.skills_token USING btree (account_id);


--
-- Name: skills_token_created_by_id_2e70dab9; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_token_created_by_id_2e70dab9 ON public.skills_token USING btree (created_by_id);


--
-- Name: skills_token_publisher_id_4e527643; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_token_publisher_id_4e527643 ON public.skills_token USING btree (publisher_id);


--
-- Name: skills_token_secret_hash_f32cfe6f_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_token_secret_hash_f32cfe6f_like ON public.skills_token USING btree (secret_hash varchar_pattern_ops);


--
-- Name: skills_token_teams_team_id_a26d4c7f; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_token_teams_team_id_a26d4c7f ON public.skills_token_teams USING btree (team_id);


--
-- Name: skills_token_teams_token_id_3ac9c0f8; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_token_teams_token_id_3ac9c0f8 ON public.skills_token_teams USING btree (token_id);


--
-- Name: skills_transcript_created_at_4dcb13cb; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_transcript_created_at_4dcb13cb ON public.skills_transcript USING btree (created_at);


--
-- Name: skills_trial_model_id_5a2e11a6; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_trial_model_id_5a2e11a6 ON public.skills_trial USING btree (model_id);


--
-- Name: skills_trial_run_id_ffc4ff36; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_trial_run_id_ffc4ff36 ON public.skills_trial USING btree (run_id);


--
-- Name: skills_trustedpublisher_account_id_60786ce6; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_trustedpublisher_account_id_60786ce6 ON public.skills_trustedpublisher USING btree (account_id);


--
-- Name: skills_trustedpublisher_added_by_id_dc97a10a; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_trustedpublisher_added_by_id_dc97a10a ON public.skills_trustedpublisher USING btree (added_by_id);


--
-- Name: skills_trustedpublisher_team_id_cc0cfaaa; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_trustedpublisher_team_id_cc0cfaaa ON public.skills_trustedpublisher USING btree (team_id);


--
-- Name: skills_unreviewedskill_near_id_d447f276; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_unreviewedskill_near_id_d447f276 ON public.skills_unreviewedskill USING btree (near_id);


--
-- Name: skills_unreviewedskill_team_id_024aff5f; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_unreviewedskill_team_id_024aff5f ON public.skills_unreviewedskill USING btree (team_id);


--
-- Name: skills_upload_account_id_d108420a; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_upload_account_id_d108420a ON public.skills_upload USING btree (account_id);


--
-- Name: skills_uploadticket_account_id_9efd23b6; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_uploadticket_account_id_9efd23b6 ON public.skills_uploadticket USING btree (account_id);


--
-- Name: skills_uploadticket_expires_at_e8534e71; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_uploadticket_expires_at_e8534e71 ON public.skills_uploadticket USING btree (expires_at);


--
-- Name: skills_usedtoken_expires_at_6334b82d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_usedtoken_expires_at_6334b82d ON public.skills_usedtoken USING btree (expires_at);


--
-- Name: skills_usedtoken_mark_8ee971f9_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_usedtoken_mark_8ee971f9_like ON public.skills_usedtoken USING btree (mark varchar_pattern_ops);


--
-- Name: skills_version_author_id_16d746ad; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_version_author_id_16d746ad ON public.skills_version USING btree (author_id);


--
-- Name: skills_version_responsible_id_b9f9857c; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_version_responsible_id_b9f9857c ON public.skills_version USING btree (responsible_id);


--
-- Name: skills_version_skill_id_33e5fb6b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_version_skill_id_33e5fb6b ON public.skills_version USING btree (skill_id);


--
-- Name: skills_viewedfile_account_id_46d09c48; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_viewedfile_account_id_46d09c48 ON public.skills_viewedfile USING btree (account_id);


--
-- Name: skills_viewedfile_skill_id_7ff3f0aa; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_viewedfile_skill_id_7ff3f0aa ON public.skills_viewedfile USING btree (skill_id);


--
-- Name: skills_waitingusage_account_id_ac932931; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX skills_waitingusage_account_id_ac932931 ON public.skills_waitingusage USING btree (account_id);


--
-- Name: socialaccount_socialaccount_user_id_8146e70c; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX socialaccount_socialaccount_user_id_8146e70c ON public.socialaccount_socialaccount USING btree (user_id);


--
-- Name: socialaccount_socialtoken_account_id_951f210e; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX socialaccount_socialtoken_account_id_951f210e ON public.socialaccount_socialtoken USING btree (account_id);


--
-- Name: socialaccount_socialtoken_app_id_636a42d7; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX socialaccount_socialtoken_app_id_636a42d7 ON public.socialaccount_socialtoken USING btree (app_id);


--
-- Name: source_due; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX source_due ON public.skills_source USING btree (next_at);


--
-- Name: spending_of_account; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX spending_of_account ON public.skills_spending USING btree (account_id, grain, day);


--
-- Name: spending_of_skill; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX spending_of_skill ON public.skills_spending USING btree (skill_id, grain, day);


--
-- Name: spending_of_team; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX spending_of_team ON public.skills_spending USING btree (team_id, grain, day);


--
-- Name: statement_unsigned; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX statement_unsigned ON public.skills_releasestatement USING btree (id) WHERE (envelope IS NULL);


--
-- Name: sync_of_source; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sync_of_source ON public.skills_sync USING btree (source_id, id DESC);


--
-- Name: term_prefix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX term_prefix ON public.skills_term USING btree (term varchar_pattern_ops, scope);


--
-- Name: trial_to_reuse; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX trial_to_reuse ON public.skills_trial USING btree (fingerprint, created_at DESC) WHERE ((outcome)::text = ANY ((ARRAY['scored'::character varying, 'failed_limit'::character varying])::text[]));


--
-- Name: unique_authenticator_type; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY ((ARRAY['totp'::character varying, 'recovery_codes'::character varying])::text[]));


--
-- Name: unique_primary_email; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";


--
-- Name: unique_verified_email; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;


--
-- Name: unreviewed_newest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX unreviewed_newest ON public.skills_unreviewedskill USING btree (team_id, last_seen_at DESC);


--
-- Name: upload_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX upload_expiry ON public.skills_upload USING btree (expires_at);


--
-- Name: usersessions_usersession_session_key_fd35de43_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX usersessions_usersession_session_key_fd35de43_like ON public.usersessions_usersession USING btree (session_key varchar_pattern_ops);


--
-- Name: usersessions_usersession_user_id_af5e0a6d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX usersessions_usersession_user_id_af5e0a6d ON public.usersessions_usersession USING btree (user_id);


--
-- Name: version_by_number; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX version_by_number ON public.skills_version USING btree (skill_id, public.skills_number_key((number)::text) COLLATE "C" DESC, attempt DESC);


--
-- Name: version_digest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX version_digest ON public.skills_version USING btree (digest);


--
-- Name: version_queue; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX version_queue ON public.skills_version USING btree (state, created_at);


--
-- Name: waiting_usage_due; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX waiting_usage_due ON public.skills_waitingusage USING btree (due_at);


--
-- Name: skills_version approval_keeps_its_time; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER approval_keeps_its_time BEFORE UPDATE ON public.skills_version FOR EACH ROW WHEN (((old.approved_at IS NOT NULL) AND (new.approved_at IS DISTINCT FROM old.approved_at))) EXECUTE FUNCTION public.skills_refuse('the time of approval is immutable');


--
-- Name: skills_version approved_versions_stay_released; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER approved_versions_stay_released BEFORE UPDATE ON public.skills_version FOR EACH ROW WHEN (((old.approved_at IS NOT NULL) AND ((new.state)::text <> ALL ((ARRAY['approved'::character varying, 'yanked'::character varying, 'removed'::character varying])::text[])))) EXECUTE FUNCTION public.skills_refuse('approved versions stay released');


--
-- Name: skills_decision approvers_have_no_stake; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER approvers_have_no_stake BEFORE INSERT ON public.skills_decision FOR EACH ROW WHEN ((((new.verdict)::text = 'approve'::text) AND (NOT new.self_approval_allowed) AND ((new.reviewer_id <> new.author_id) AND (new.reviewer_id <> new.responsible_id)) AND (public.skills_stake(new.version_id, new.reviewer_id) IS NOT NULL))) EXECUTE FUNCTION public.skills_refuse('approvers do not answer for the version');


--
-- Name: skills_decision authors_approve_where_policy_lets_them; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER authors_approve_where_policy_lets_them BEFORE INSERT ON public.skills_decision FOR EACH ROW WHEN ((new.self_approval_allowed AND (NOT public.skills_lets_authors_judge(new.version_id)))) EXECUTE FUNCTION public.skills_refuse('the team does not let authors approve this');


--
-- Name: skills_auditcheckpoint checkpoints_are_immutable; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER checkpoints_are_immutable BEFORE DELETE OR UPDATE ON public.skills_auditcheckpoint FOR EACH ROW EXECUTE FUNCTION public.skills_refuse('checkpoints are immutable');


--
-- Name: skills_version content_is_immutable; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER content_is_immutable BEFORE UPDATE ON public.skills_version FOR EACH ROW WHEN ((((new.state)::text <> 'removed'::text) AND (((new.manifest IS DISTINCT FROM old.manifest) OR ((new.changelog)::text IS DISTINCT FROM (old.changelog)::text)) OR ((new.rendered <> old.rendered) AND (old.approved_at IS NOT NULL))))) EXECUTE FUNCTION public.skills_refuse('the content of a version is immutable');


--
-- Name: skills_decision decisions_are_immutable; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER decisions_are_immutable BEFORE DELETE OR UPDATE ON public.skills_decision FOR EACH ROW EXECUTE FUNCTION public.skills_refuse('decisions are immutable');


--
-- Name: skills_denial denials_are_immutable; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER denials_are_immutable BEFORE UPDATE ON public.skills_denial FOR EACH ROW WHEN (((to_jsonb(old.*) - '{lifted_by_id,lifted_at,lift_reason}'::text[]) IS DISTINCT FROM (to_jsonb(new.*) - '{lifted_by_id,lifted_at,lift_reason}'::text[]))) EXECUTE FUNCTION public.skills_refuse('denials are immutable');


--
-- Name: skills_denial denials_are_lifted_once; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER denials_are_lifted_once BEFORE UPDATE ON public.skills_denial FOR EACH ROW WHEN ((old.lifted_at IS NOT NULL)) EXECUTE FUNCTION public.skills_refuse('denials are lifted once');


--
-- Name: skills_denial denials_stay; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER denials_stay BEFORE DELETE ON public.skills_denial FOR EACH ROW EXECUTE FUNCTION public.skills_refuse('denials are lifted, never deleted');


--
-- Name: skills_event events_are_immutable; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER events_are_immutable BEFORE UPDATE ON public.skills_event FOR EACH ROW WHEN (((to_jsonb(old.*) - '{seq,previous,seal}'::text[]) IS DISTINCT FROM (to_jsonb(new.*) - '{seq,previous,seal}'::text[]))) EXECUTE FUNCTION public.skills_refuse('the audit log is append-only');


--
-- Name: skills_event events_are_sealed_once; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER events_are_sealed_once BEFORE UPDATE ON public.skills_event FOR EACH ROW WHEN (((old.seq IS NOT NULL) OR (new.seq IS NULL))) EXECUTE FUNCTION public.skills_refuse('the audit log is append-only');


--
-- Name: skills_event events_stay; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER events_stay BEFORE DELETE ON public.skills_event FOR EACH ROW EXECUTE FUNCTION public.skills_refuse('the audit log is append-only');


--
-- Name: skills_file files_are_immutable; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER files_are_immutable BEFORE UPDATE ON public.skills_file FOR EACH ROW WHEN (((to_jsonb(old.*) - '{}'::text[]) IS DISTINCT FROM (to_jsonb(new.*) - '{}'::text[]))) EXECUTE FUNCTION public.skills_refuse('files of a version are immutable');


--
-- Name: skills_file files_stay; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER files_stay BEFORE DELETE ON public.skills_file FOR EACH ROW WHEN ((NOT public.skills_version_is_removed(old.version_id))) EXECUTE FUNCTION public.skills_refuse('files of a version are immutable');


--
-- Name: skills_importrun import_runs_are_immutable; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER import_runs_are_immutable BEFORE UPDATE ON public.skills_importrun FOR EACH ROW WHEN (((to_jsonb(old.*) - '{}'::text[]) IS DISTINCT FROM (to_jsonb(new.*) - '{}'::text[]))) EXECUTE FUNCTION public.skills_refuse('reports of imports are immutable');


--
-- Name: skills_importrun import_runs_stay; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER import_runs_stay BEFORE DELETE ON public.skills_importrun FOR EACH ROW EXECUTE FUNCTION public.skills_refuse('reports of imports are never deleted');


--
-- Name: skills_ledgerentry ledger_is_append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER ledger_is_append_only BEFORE DELETE OR UPDATE ON public.skills_ledgerentry FOR EACH ROW EXECUTE FUNCTION public.skills_refuse('the ledger is append-only');


--
-- Name: skills_skillname names_stay_with_their_skill; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER names_stay_with_their_skill BEFORE DELETE OR UPDATE ON public.skills_skillname FOR EACH ROW EXECUTE FUNCTION public.skills_refuse('names are never given to another skill');


--
-- Name: skills_signeddocument numbers_of_signed_documents_grow; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER numbers_of_signed_documents_grow BEFORE UPDATE ON public.skills_signeddocument FOR EACH ROW WHEN (((new.number < old.number) OR ((new.number = old.number) AND (new.payload <> old.payload)))) EXECUTE FUNCTION public.skills_refuse('numbers of signed documents only grow');


--
-- Name: skills_provenance provenance_is_immutable; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER provenance_is_immutable BEFORE UPDATE ON public.skills_provenance FOR EACH ROW WHEN (((to_jsonb(old.*) - '{source_id}'::text[]) IS DISTINCT FROM (to_jsonb(new.*) - '{source_id}'::text[]))) EXECUTE FUNCTION public.skills_refuse('provenance is immutable');


--
-- Name: skills_provenance provenance_stays; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER provenance_stays BEFORE DELETE ON public.skills_provenance FOR EACH ROW EXECUTE FUNCTION public.skills_refuse('provenance is never deleted');


--
-- Name: skills_version removed_versions_stay_removed; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER removed_versions_stay_removed BEFORE UPDATE ON public.skills_version FOR EACH ROW WHEN ((((old.state)::text = 'removed'::text) AND ((new.state)::text <> 'removed'::text))) EXECUTE FUNCTION public.skills_refuse('removed versions stay removed');


--
-- Name: skills_signingkey revoked_keys_stay_revoked; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER revoked_keys_stay_revoked BEFORE UPDATE ON public.skills_signingkey FOR EACH ROW WHEN (((old.revoked_at IS NOT NULL) AND (new.revoked_at IS NULL))) EXECUTE FUNCTION public.skills_refuse('revoked keys stay revoked');


--
-- Name: skills_signeddocument signed_documents_stay; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER signed_documents_stay BEFORE DELETE ON public.skills_signeddocument FOR EACH ROW EXECUTE FUNCTION public.skills_refuse('their numbers only grow');


--
-- Name: skills_signingkey signing_keys_are_immutable; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER signing_keys_are_immutable BEFORE UPDATE ON public.skills_signingkey FOR EACH ROW WHEN (((to_jsonb(old.*) - '{retired_at,revoked_at,revocation}'::text[]) IS DISTINCT FROM (to_jsonb(new.*) - '{retired_at,revoked_at,revocation}'::text[]))) EXECUTE FUNCTION public.skills_refuse('signing keys are immutable');


--
-- Name: skills_signingkey signing_keys_stay; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER signing_keys_stay BEFORE DELETE ON public.skills_signingkey FOR EACH ROW EXECUTE FUNCTION public.skills_refuse('signing keys are never deleted');


--
-- Name: skills_sourcepath source_paths_stay; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER source_paths_stay BEFORE DELETE ON public.skills_sourcepath FOR EACH ROW EXECUTE FUNCTION public.skills_refuse('paths of a source are marked as gone, never deleted');


--
-- Name: skills_hold spending_change_is_noted; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER spending_change_is_noted AFTER UPDATE ON public.skills_hold FOR EACH ROW WHEN (((old.* IS DISTINCT FROM new.*) AND ((new.state)::text <> 'held'::text))) EXECUTE FUNCTION public.skills_note_spending();


--
-- Name: skills_hold spending_end_is_noted; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER spending_end_is_noted AFTER DELETE ON public.skills_hold FOR EACH ROW WHEN (((old.state)::text <> 'held'::text)) EXECUTE FUNCTION public.skills_note_spending();


--
-- Name: skills_hold spending_is_noted; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER spending_is_noted AFTER INSERT ON public.skills_hold FOR EACH ROW WHEN (((new.state)::text <> 'held'::text)) EXECUTE FUNCTION public.skills_note_spending();


--
-- Name: skills_releasestatement statements_are_immutable; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER statements_are_immutable BEFORE UPDATE ON public.skills_releasestatement FOR EACH ROW WHEN (((to_jsonb(old.*) - '{envelope,model_signature,signed_at,problem}'::text[]) IS DISTINCT FROM (to_jsonb(new.*) - '{envelope,model_signature,signed_at,problem}'::text[]))) EXECUTE FUNCTION public.skills_refuse('statements on releases are immutable');


--
-- Name: skills_releasestatement statements_stay; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER statements_stay BEFORE DELETE ON public.skills_releasestatement FOR EACH ROW EXECUTE FUNCTION public.skills_refuse('statements on releases are never deleted');


--
-- Name: skills_sync syncs_keep_their_cause; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER syncs_keep_their_cause BEFORE UPDATE ON public.skills_sync FOR EACH ROW WHEN (((to_jsonb(old.*) - '{state,revision,problem,changes,left_out,started_at,finished_at}'::text[]) IS DISTINCT FROM (to_jsonb(new.*) - '{state,revision,problem,changes,left_out,started_at,finished_at}'::text[]))) EXECUTE FUNCTION public.skills_refuse('a sync keeps its cause');


--
-- Name: skills_version versions_are_immutable; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER versions_are_immutable BEFORE UPDATE ON public.skills_version FOR EACH ROW WHEN (((to_jsonb(old.*) - '{state,state_at,approved_at,reason,manifest,changelog,rendered}'::text[]) IS DISTINCT FROM (to_jsonb(new.*) - '{state,state_at,approved_at,reason,manifest,changelog,rendered}'::text[]))) EXECUTE FUNCTION public.skills_refuse('versions are immutable');


--
-- Name: skills_version versions_stay; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER versions_stay BEFORE DELETE ON public.skills_version FOR EACH ROW EXECUTE FUNCTION public.skills_refuse('versions are never deleted');


--
-- Name: account_emailaddress account_emailaddress_user_id_2c513194_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_skills_account_id FOREIGN KEY (user_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: account_emailconfirmation account_emailconfirm_email_address_id_5b7f8c58_fk_account_e; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_group_permissions auth_group_permissio_permission_id_84c5c92e_fk_auth_perm; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_group_permissions auth_group_permissions_group_id_b120cbf9_fk_auth_group_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_permission auth_permission_content_type_id_2f476e4b_fk_django_co; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: mfa_authenticator mfa_authenticator_user_id_0c3a50c0_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_skills_account_id FOREIGN KEY (user_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_account skills_account_created_by_id_f24ff6da_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_account
    ADD CONSTRAINT skills_account_created_by_id_f24ff6da_fk_skills_account_id FOREIGN KEY (created_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_account_groups skills_account_groups_account_id_78e6b621_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_account_groups
    ADD CONSTRAINT skills_account_groups_account_id_78e6b621_fk_skills_account_id FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_account_groups skills_account_groups_group_id_f4612f00_fk_auth_group_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_account_groups
    ADD CONSTRAINT skills_account_groups_group_id_f4612f00_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_account skills_account_service_of_id_85f2662c_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_account
    ADD CONSTRAINT skills_account_service_of_id_85f2662c_fk_skills_team_id FOREIGN KEY (service_of_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_account_user_permissions skills_account_user__account_id_078eb53d_fk_skills_ac; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_account_user_permissions
    ADD CONSTRAINT skills_account_user__account_id_078eb53d_fk_skills_ac FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_account_user_permissions skills_account_user__permission_id_207c0020_fk_auth_perm; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_account_user_permissions
    ADD CONSTRAINT skills_account_user__permission_id_207c0020_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_budget skills_budget_account_id_a814e27b_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_budget
    ADD CONSTRAINT skills_budget_account_id_a814e27b_fk_skills_account_id FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_budget skills_budget_team_id_f3e42a9c_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_budget
    ADD CONSTRAINT skills_budget_team_id_f3e42a9c_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_budget skills_budget_token_id_d6b99367_fk_skills_token_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_budget
    ADD CONSTRAINT skills_budget_token_id_d6b99367_fk_skills_token_id FOREIGN KEY (token_id) REFERENCES public.skills_token(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_budgetwebhook skills_budgetwebhook_budget_id_46baa7c6_fk_skills_budget_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_budgetwebhook
    ADD CONSTRAINT skills_budgetwebhook_budget_id_46baa7c6_fk_skills_budget_id FOREIGN KEY (budget_id) REFERENCES public.skills_budget(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_callkeeping skills_callkeeping_team_id_10e8c81c_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_callkeeping
    ADD CONSTRAINT skills_callkeeping_team_id_10e8c81c_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_casedraft skills_casedraft_model_id_014c2537_fk_skills_portfoliomodel_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_casedraft
    ADD CONSTRAINT skills_casedraft_model_id_014c2537_fk_skills_portfoliomodel_id FOREIGN KEY (model_id) REFERENCES public.skills_portfoliomodel(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_casedraft skills_casedraft_requested_by_id_70811b63_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_casedraft
    ADD CONSTRAINT skills_casedraft_requested_by_id_70811b63_fk_skills_account_id FOREIGN KEY (requested_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_casedraft skills_casedraft_trial_id_1a108d72_fk_skills_trial_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_casedraft
    ADD CONSTRAINT skills_casedraft_trial_id_1a108d72_fk_skills_trial_id FOREIGN KEY (trial_id) REFERENCES public.skills_trial(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_casedraft skills_casedraft_version_id_c1d83473_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_casedraft
    ADD CONSTRAINT skills_casedraft_version_id_c1d83473_fk_skills_version_id FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_casewaiver skills_casewaiver_by_id_1e8c9e14_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_casewaiver
    ADD CONSTRAINT skills_casewaiver_by_id_1e8c9e14_fk_skills_account_id FOREIGN KEY (by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_casewaiver skills_casewaiver_skill_id_8cf0d64c_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_casewaiver
    ADD CONSTRAINT skills_casewaiver_skill_id_8cf0d64c_fk_skills_skill_id FOREIGN KEY (skill_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_channel skills_channel_skill_id_32a46c1a_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_channel
    ADD CONSTRAINT skills_channel_skill_id_32a46c1a_fk_skills_skill_id FOREIGN KEY (skill_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_channel skills_channel_version_id_c5b3c8e0_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_channel
    ADD CONSTRAINT skills_channel_version_id_c5b3c8e0_fk_skills_version_id FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_comment skills_comment_author_id_ebe43813_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_comment
    ADD CONSTRAINT skills_comment_author_id_ebe43813_fk_skills_account_id FOREIGN KEY (author_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_comment skills_comment_base_id_26c51607_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_comment
    ADD CONSTRAINT skills_comment_base_id_26c51607_fk_skills_version_id FOREIGN KEY (base_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_comment skills_comment_parent_id_65970b6a_fk_skills_comment_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_comment
    ADD CONSTRAINT skills_comment_parent_id_65970b6a_fk_skills_comment_id FOREIGN KEY (parent_id) REFERENCES public.skills_comment(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_comment skills_comment_resolved_by_id_db7e241d_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_comment
    ADD CONSTRAINT skills_comment_resolved_by_id_db7e241d_fk_skills_account_id FOREIGN KEY (resolved_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_comment skills_comment_version_id_f68b7359_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_comment
    ADD CONSTRAINT skills_comment_version_id_f68b7359_fk_skills_version_id FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_commentdraft skills_commentdraft_author_id_5a1360db_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_commentdraft
    ADD CONSTRAINT skills_commentdraft_author_id_5a1360db_fk_skills_account_id FOREIGN KEY (author_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_commentdraft skills_commentdraft_base_id_d2adf270_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_commentdraft
    ADD CONSTRAINT skills_commentdraft_base_id_d2adf270_fk_skills_version_id FOREIGN KEY (base_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_commentdraft skills_commentdraft_parent_id_12aa0544_fk_skills_comment_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_commentdraft
    ADD CONSTRAINT skills_commentdraft_parent_id_12aa0544_fk_skills_comment_id FOREIGN KEY (parent_id) REFERENCES public.skills_comment(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_commentdraft skills_commentdraft_version_id_b860ca3a_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_commentdraft
    ADD CONSTRAINT skills_commentdraft_version_id_b860ca3a_fk_skills_version_id FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_cumulativeseries skills_cumulativeser_account_id_7a2651cf_fk_skills_ac; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_cumulativeseries
    ADD CONSTRAINT skills_cumulativeser_account_id_7a2651cf_fk_skills_ac FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_decision skills_decision_author_id_c234134f_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_decision
    ADD CONSTRAINT skills_decision_author_id_c234134f_fk_skills_account_id FOREIGN KEY (author_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_decision skills_decision_base_id_269580d3_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_decision
    ADD CONSTRAINT skills_decision_base_id_269580d3_fk_skills_version_id FOREIGN KEY (base_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_decision skills_decision_responsible_id_cf9bf08d_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_decision
    ADD CONSTRAINT skills_decision_responsible_id_cf9bf08d_fk_skills_account_id FOREIGN KEY (responsible_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_decision skills_decision_reviewer_id_61a41298_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_decision
    ADD CONSTRAINT skills_decision_reviewer_id_61a41298_fk_skills_account_id FOREIGN KEY (reviewer_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_decision skills_decision_version_id_0530ed31_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_decision
    ADD CONSTRAINT skills_decision_version_id_0530ed31_fk_skills_version_id FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_denial skills_denial_denied_by_id_85891960_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_denial
    ADD CONSTRAINT skills_denial_denied_by_id_85891960_fk_skills_account_id FOREIGN KEY (denied_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_denial skills_denial_lifted_by_id_ac1a066a_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_denial
    ADD CONSTRAINT skills_denial_lifted_by_id_ac1a066a_fk_skills_account_id FOREIGN KEY (lifted_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_denial skills_denial_version_id_8a334ff9_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_denial
    ADD CONSTRAINT skills_denial_version_id_8a334ff9_fk_skills_version_id FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_document skills_document_skill_id_ad99944f_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_document
    ADD CONSTRAINT skills_document_skill_id_ad99944f_fk_skills_skill_id FOREIGN KEY (skill_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_event skills_event_actor_id_66c5a5ae_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_event
    ADD CONSTRAINT skills_event_actor_id_66c5a5ae_fk_skills_account_id FOREIGN KEY (actor_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_event skills_event_team_id_13d640bf_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_event
    ADD CONSTRAINT skills_event_team_id_13d640bf_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_fetchday skills_fetchday_team_id_f92e1f4a_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_fetchday
    ADD CONSTRAINT skills_fetchday_team_id_f92e1f4a_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_fetchday skills_fetchday_version_id_7971e47a_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_fetchday
    ADD CONSTRAINT skills_fetchday_version_id_7971e47a_fk_skills_version_id FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_file skills_file_version_id_70e62894_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_file
    ADD CONSTRAINT skills_file_version_id_70e62894_fk_skills_version_id FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_finding skills_finding_scan_id_30be636e_fk_skills_scan_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_finding
    ADD CONSTRAINT skills_finding_scan_id_30be636e_fk_skills_scan_id FOREIGN KEY (scan_id) REFERENCES public.skills_scan(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_finding skills_finding_waived_by_id_27ad023d_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_finding
    ADD CONSTRAINT skills_finding_waived_by_id_27ad023d_fk_skills_account_id FOREIGN KEY (waived_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_follow skills_follow_account_id_8213b218_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_follow
    ADD CONSTRAINT skills_follow_account_id_8213b218_fk_skills_account_id FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_follow skills_follow_skill_id_faed1ce3_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_follow
    ADD CONSTRAINT skills_follow_skill_id_faed1ce3_fk_skills_skill_id FOREIGN KEY (skill_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_follow skills_follow_team_id_b8d86767_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_follow
    ADD CONSTRAINT skills_follow_team_id_b8d86767_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_grant skills_grant_period_id_dcdb34fd_fk_skills_period_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_grant
    ADD CONSTRAINT skills_grant_period_id_dcdb34fd_fk_skills_period_id FOREIGN KEY (period_id) REFERENCES public.skills_period(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_hiddencase skills_hiddencase_created_by_id_5f302154_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_hiddencase
    ADD CONSTRAINT skills_hiddencase_created_by_id_5f302154_fk_skills_account_id FOREIGN KEY (created_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_hiddencase skills_hiddencase_skill_id_7f76f357_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_hiddencase
    ADD CONSTRAINT skills_hiddencase_skill_id_7f76f357_fk_skills_skill_id FOREIGN KEY (skill_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_importrun skills_importrun_by_id_ff3a39b4_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_importrun
    ADD CONSTRAINT skills_importrun_by_id_ff3a39b4_fk_skills_account_id FOREIGN KEY (by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_importrun skills_importrun_team_id_d5a313d8_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_importrun
    ADD CONSTRAINT skills_importrun_team_id_d5a313d8_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_invitation skills_invitation_invited_by_id_00c4a840_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_invitation
    ADD CONSTRAINT skills_invitation_invited_by_id_00c4a840_fk_skills_account_id FOREIGN KEY (invited_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_invitation skills_invitation_team_id_91519401_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_invitation
    ADD CONSTRAINT skills_invitation_team_id_91519401_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_keptcall skills_keptcall_account_id_1ff213ec_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_keptcall
    ADD CONSTRAINT skills_keptcall_account_id_1ff213ec_fk_skills_account_id FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_keptcall skills_keptcall_team_id_0e6bab43_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_keptcall
    ADD CONSTRAINT skills_keptcall_team_id_0e6bab43_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_label skills_label_team_id_5a010b9e_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_label
    ADD CONSTRAINT skills_label_team_id_5a010b9e_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_ledgerentry skills_ledgerentry_actor_id_aded1732_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_ledgerentry
    ADD CONSTRAINT skills_ledgerentry_actor_id_aded1732_fk_skills_account_id FOREIGN KEY (actor_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_ledgerentry skills_ledgerentry_hold_id_26f299b6_fk_skills_hold_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_ledgerentry
    ADD CONSTRAINT skills_ledgerentry_hold_id_26f299b6_fk_skills_hold_id FOREIGN KEY (hold_id) REFERENCES public.skills_hold(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_ledgerentry skills_ledgerentry_period_id_f8dfc4b8_fk_skills_period_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_ledgerentry
    ADD CONSTRAINT skills_ledgerentry_period_id_f8dfc4b8_fk_skills_period_id FOREIGN KEY (period_id) REFERENCES public.skills_period(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_maintainer skills_maintainer_account_id_eefffcf2_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_maintainer
    ADD CONSTRAINT skills_maintainer_account_id_eefffcf2_fk_skills_account_id FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_maintainer skills_maintainer_skill_id_93d1a676_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_maintainer
    ADD CONSTRAINT skills_maintainer_skill_id_93d1a676_fk_skills_skill_id FOREIGN KEY (skill_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_membership skills_membership_account_id_7fc32afb_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_membership
    ADD CONSTRAINT skills_membership_account_id_7fc32afb_fk_skills_account_id FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_membership skills_membership_team_id_bd687652_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_membership
    ADD CONSTRAINT skills_membership_team_id_bd687652_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_modelalias skills_modelalias_team_id_05edd608_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_modelalias
    ADD CONSTRAINT skills_modelalias_team_id_05edd608_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_namerequest skills_namerequest_asked_by_id_05938af4_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_namerequest
    ADD CONSTRAINT skills_namerequest_asked_by_id_05938af4_fk_skills_account_id FOREIGN KEY (asked_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_namerequest skills_namerequest_decided_by_id_8607af1a_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_namerequest
    ADD CONSTRAINT skills_namerequest_decided_by_id_8607af1a_fk_skills_account_id FOREIGN KEY (decided_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_notice skills_notice_account_id_efe75d14_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_notice
    ADD CONSTRAINT skills_notice_account_id_efe75d14_fk_skills_account_id FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_noticepreference skills_noticeprefere_account_id_bfa0e669_fk_skills_ac; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_noticepreference
    ADD CONSTRAINT skills_noticeprefere_account_id_bfa0e669_fk_skills_ac FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_overrule skills_overrule_by_id_f5124503_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_overrule
    ADD CONSTRAINT skills_overrule_by_id_f5124503_fk_skills_account_id FOREIGN KEY (by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_overrule skills_overrule_trial_id_d407dbca_fk_skills_trial_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_overrule
    ADD CONSTRAINT skills_overrule_trial_id_d407dbca_fk_skills_trial_id FOREIGN KEY (trial_id) REFERENCES public.skills_trial(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_passage skills_passage_document_id_d05a15b5_fk_skills_document_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_passage
    ADD CONSTRAINT skills_passage_document_id_d05a15b5_fk_skills_document_skill_id FOREIGN KEY (document_id) REFERENCES public.skills_document(skill_id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_passage skills_passage_generation_id_2d656569_fk_skills_generation_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_passage
    ADD CONSTRAINT skills_passage_generation_id_2d656569_fk_skills_generation_id FOREIGN KEY (generation_id) REFERENCES public.skills_generation(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_period skills_period_budget_id_7a3193d2_fk_skills_budget_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_period
    ADD CONSTRAINT skills_period_budget_id_7a3193d2_fk_skills_budget_id FOREIGN KEY (budget_id) REFERENCES public.skills_budget(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_policy skills_policy_team_id_17510d87_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_policy
    ADD CONSTRAINT skills_policy_team_id_17510d87_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_portfolio_chosen skills_portfolio_cho_portfolio_id_50cffaa2_fk_skills_po; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_portfolio_chosen
    ADD CONSTRAINT skills_portfolio_cho_portfolio_id_50cffaa2_fk_skills_po FOREIGN KEY (portfolio_id) REFERENCES public.skills_portfolio(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_portfolio_chosen skills_portfolio_cho_portfoliomodel_id_8bdb1ec3_fk_skills_po; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_portfolio_chosen
    ADD CONSTRAINT skills_portfolio_cho_portfoliomodel_id_8bdb1ec3_fk_skills_po FOREIGN KEY (portfoliomodel_id) REFERENCES public.skills_portfoliomodel(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_portfolio skills_portfolio_judge_id_31fdcd04_fk_skills_portfoliomodel_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_portfolio
    ADD CONSTRAINT skills_portfolio_judge_id_31fdcd04_fk_skills_portfoliomodel_id FOREIGN KEY (judge_id) REFERENCES public.skills_portfoliomodel(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_portfolio skills_portfolio_team_id_5793b8b9_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_portfolio
    ADD CONSTRAINT skills_portfolio_team_id_5793b8b9_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_portfoliomodel skills_portfoliomode_provider_id_e1f8cd2b_fk_skills_pr; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_portfoliomodel
    ADD CONSTRAINT skills_portfoliomode_provider_id_e1f8cd2b_fk_skills_pr FOREIGN KEY (provider_id) REFERENCES public.skills_provider(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_portfoliomodel skills_portfoliomodel_price_id_1be42501_fk_skills_price_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_portfoliomodel
    ADD CONSTRAINT skills_portfoliomodel_price_id_1be42501_fk_skills_price_id FOREIGN KEY (price_id) REFERENCES public.skills_price(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_price skills_price_approved_by_id_30291c72_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_price
    ADD CONSTRAINT skills_price_approved_by_id_30291c72_fk_skills_account_id FOREIGN KEY (approved_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_provenance skills_provenance_source_id_4a053e97_fk_skills_source_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_provenance
    ADD CONSTRAINT skills_provenance_source_id_4a053e97_fk_skills_source_id FOREIGN KEY (source_id) REFERENCES public.skills_source(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_provenance skills_provenance_version_id_d1b498b4_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_provenance
    ADD CONSTRAINT skills_provenance_version_id_d1b498b4_fk_skills_version_id FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_releasestatement skills_releasestatem_version_id_95cfb208_fk_skills_ve; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_releasestatement
    ADD CONSTRAINT skills_releasestatem_version_id_95cfb208_fk_skills_ve FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_report skills_report_closed_by_id_108baccb_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_report
    ADD CONSTRAINT skills_report_closed_by_id_108baccb_fk_skills_account_id FOREIGN KEY (closed_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_report skills_report_reporter_id_18c72ae6_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_report
    ADD CONSTRAINT skills_report_reporter_id_18c72ae6_fk_skills_account_id FOREIGN KEY (reporter_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_report skills_report_skill_id_ff766861_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_report
    ADD CONSTRAINT skills_report_skill_id_ff766861_fk_skills_skill_id FOREIGN KEY (skill_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_report skills_report_version_id_ff609f50_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_report
    ADD CONSTRAINT skills_report_version_id_ff609f50_fk_skills_version_id FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_reportedsession skills_reportedsession_account_id_b1a42402_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_reportedsession
    ADD CONSTRAINT skills_reportedsession_account_id_b1a42402_fk_skills_account_id FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_reviewvisit skills_reviewvisit_account_id_0f4898db_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_reviewvisit
    ADD CONSTRAINT skills_reviewvisit_account_id_0f4898db_fk_skills_account_id FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_reviewvisit skills_reviewvisit_version_id_0261685d_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_reviewvisit
    ADD CONSTRAINT skills_reviewvisit_version_id_0261685d_fk_skills_version_id FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_run skills_run_parent_id_d523e14d_fk_skills_run_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_run
    ADD CONSTRAINT skills_run_parent_id_d523e14d_fk_skills_run_id FOREIGN KEY (parent_id) REFERENCES public.skills_run(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_run skills_run_previous_id_f170521d_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_run
    ADD CONSTRAINT skills_run_previous_id_f170521d_fk_skills_version_id FOREIGN KEY (previous_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_run skills_run_requested_by_id_8303bade_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_run
    ADD CONSTRAINT skills_run_requested_by_id_8303bade_fk_skills_account_id FOREIGN KEY (requested_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_run skills_run_skill_id_015eec03_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_run
    ADD CONSTRAINT skills_run_skill_id_015eec03_fk_skills_skill_id FOREIGN KEY (skill_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_run skills_run_team_id_6080397a_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_run
    ADD CONSTRAINT skills_run_team_id_6080397a_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_run skills_run_upload_id_38211e54_fk_skills_upload_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_run
    ADD CONSTRAINT skills_run_upload_id_38211e54_fk_skills_upload_id FOREIGN KEY (upload_id) REFERENCES public.skills_upload(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_run skills_run_version_id_f52fb1fb_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_run
    ADD CONSTRAINT skills_run_version_id_f52fb1fb_fk_skills_version_id FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_scan skills_scan_version_id_abafa26f_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_scan
    ADD CONSTRAINT skills_scan_version_id_abafa26f_fk_skills_version_id FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_searchentry skills_searchentry_chosen_id_cb0f225d_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_searchentry
    ADD CONSTRAINT skills_searchentry_chosen_id_cb0f225d_fk_skills_skill_id FOREIGN KEY (chosen_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_skill skills_skill_created_by_id_77877541_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_skill
    ADD CONSTRAINT skills_skill_created_by_id_77877541_fk_skills_account_id FOREIGN KEY (created_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_skill skills_skill_latest_id_816226ec_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_skill
    ADD CONSTRAINT skills_skill_latest_id_816226ec_fk_skills_version_id FOREIGN KEY (latest_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_skill skills_skill_shown_id_4f7ab9f9_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_skill
    ADD CONSTRAINT skills_skill_shown_id_4f7ab9f9_fk_skills_version_id FOREIGN KEY (shown_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_skill skills_skill_successor_id_c8bcb833_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_skill
    ADD CONSTRAINT skills_skill_successor_id_c8bcb833_fk_skills_skill_id FOREIGN KEY (successor_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_skill skills_skill_team_id_050be44a_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_skill
    ADD CONSTRAINT skills_skill_team_id_050be44a_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_skilllabel skills_skilllabel_label_id_e972d405_fk_skills_label_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_skilllabel
    ADD CONSTRAINT skills_skilllabel_label_id_e972d405_fk_skills_label_id FOREIGN KEY (label_id) REFERENCES public.skills_label(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_skilllabel skills_skilllabel_skill_id_dbfe6275_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_skilllabel
    ADD CONSTRAINT skills_skilllabel_skill_id_dbfe6275_fk_skills_skill_id FOREIGN KEY (skill_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_skillname skills_skillname_skill_id_486310a9_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_skillname
    ADD CONSTRAINT skills_skillname_skill_id_486310a9_fk_skills_skill_id FOREIGN KEY (skill_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_skillname skills_skillname_team_id_4c7098f9_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_skillname
    ADD CONSTRAINT skills_skillname_team_id_4c7098f9_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_source skills_source_responsible_id_b025941a_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_source
    ADD CONSTRAINT skills_source_responsible_id_b025941a_fk_skills_account_id FOREIGN KEY (responsible_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_source skills_source_team_id_eebfd09e_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_source
    ADD CONSTRAINT skills_source_team_id_eebfd09e_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_sourcepath skills_sourcepath_skill_id_9683a5a9_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_sourcepath
    ADD CONSTRAINT skills_sourcepath_skill_id_9683a5a9_fk_skills_skill_id FOREIGN KEY (skill_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_sourcepath skills_sourcepath_team_id_e2ccef1a_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_sourcepath
    ADD CONSTRAINT skills_sourcepath_team_id_e2ccef1a_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_sourcepath skills_sourcepath_version_id_0f84bd6d_fk_skills_version_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_sourcepath
    ADD CONSTRAINT skills_sourcepath_version_id_0f84bd6d_fk_skills_version_id FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_star skills_star_account_id_359dda94_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_star
    ADD CONSTRAINT skills_star_account_id_359dda94_fk_skills_account_id FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_star skills_star_skill_id_7465c108_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_star
    ADD CONSTRAINT skills_star_skill_id_7465c108_fk_skills_skill_id FOREIGN KEY (skill_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_sync skills_sync_by_id_f69e42ad_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_sync
    ADD CONSTRAINT skills_sync_by_id_f69e42ad_fk_skills_account_id FOREIGN KEY (by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_sync skills_sync_source_id_34f0cc2e_fk_skills_source_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_sync
    ADD CONSTRAINT skills_sync_source_id_34f0cc2e_fk_skills_source_id FOREIGN KEY (source_id) REFERENCES public.skills_source(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_team skills_team_personal_of_id_04488113_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_team
    ADD CONSTRAINT skills_team_personal_of_id_04488113_fk_skills_account_id FOREIGN KEY (personal_of_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_telemetrywish skills_telemetrywish_team_id_308ccd7c_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_telemetrywish
    ADD CONSTRAINT skills_telemetrywish_team_id_308ccd7c_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_token skills_token_account_id_2376c462_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_token
    ADD CONSTRAINT skills_token_account_id_2376c462_fk_skills_account_id FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_token skills_token_created_by_id_2e70dab9_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_token
    ADD CONSTRAINT skills_token_created_by_id_2e70dab9_fk_skills_account_id FOREIGN KEY (created_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_token skills_token_publisher_id_4e527643_fk_skills_tr; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_token
    ADD CONSTRAINT skills_token_publisher_id_4e527643_fk_skills_tr FOREIGN KEY (publisher_id) REFERENCES public.skills_trustedpublisher(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_token_teams skills_token_teams_team_id_a26d4c7f_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_token_teams
    ADD CONSTRAINT skills_token_teams_team_id_a26d4c7f_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_token_teams skills_token_teams_token_id_3ac9c0f8_fk_skills_token_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_token_teams
    ADD CONSTRAINT skills_token_teams_token_id_3ac9c0f8_fk_skills_token_id FOREIGN KEY (token_id) REFERENCES public.skills_token(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_transcript skills_transcript_trial_id_5e62c1c1_fk_skills_trial_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_transcript
    ADD CONSTRAINT skills_transcript_trial_id_5e62c1c1_fk_skills_trial_id FOREIGN KEY (trial_id) REFERENCES public.skills_trial(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_trial skills_trial_model_id_5a2e11a6_fk_skills_portfoliomodel_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_trial
    ADD CONSTRAINT skills_trial_model_id_5a2e11a6_fk_skills_portfoliomodel_id FOREIGN KEY (model_id) REFERENCES public.skills_portfoliomodel(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_trial skills_trial_run_id_ffc4ff36_fk_skills_run_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_trial
    ADD CONSTRAINT skills_trial_run_id_ffc4ff36_fk_skills_run_id FOREIGN KEY (run_id) REFERENCES public.skills_run(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_trustedpublisher skills_trustedpublis_account_id_60786ce6_fk_skills_ac; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_trustedpublisher
    ADD CONSTRAINT skills_trustedpublis_account_id_60786ce6_fk_skills_ac FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_trustedpublisher skills_trustedpublis_added_by_id_dc97a10a_fk_skills_ac; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_trustedpublisher
    ADD CONSTRAINT skills_trustedpublis_added_by_id_dc97a10a_fk_skills_ac FOREIGN KEY (added_by_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_trustedpublisher skills_trustedpublisher_team_id_cc0cfaaa_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_trustedpublisher
    ADD CONSTRAINT skills_trustedpublisher_team_id_cc0cfaaa_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_unreviewedskill skills_unreviewedskill_near_id_d447f276_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_unreviewedskill
    ADD CONSTRAINT skills_unreviewedskill_near_id_d447f276_fk_skills_skill_id FOREIGN KEY (near_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_unreviewedskill skills_unreviewedskill_team_id_024aff5f_fk_skills_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_unreviewedskill
    ADD CONSTRAINT skills_unreviewedskill_team_id_024aff5f_fk_skills_team_id FOREIGN KEY (team_id) REFERENCES public.skills_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_upload skills_upload_account_id_d108420a_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_upload
    ADD CONSTRAINT skills_upload_account_id_d108420a_fk_skills_account_id FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_uploadticket skills_uploadticket_account_id_9efd23b6_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_uploadticket
    ADD CONSTRAINT skills_uploadticket_account_id_9efd23b6_fk_skills_account_id FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_version skills_version_author_id_16d746ad_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_version
    ADD CONSTRAINT skills_version_author_id_16d746ad_fk_skills_account_id FOREIGN KEY (author_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_version skills_version_responsible_id_b9f9857c_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_version
    ADD CONSTRAINT skills_version_responsible_id_b9f9857c_fk_skills_account_id FOREIGN KEY (responsible_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_version skills_version_skill_id_33e5fb6b_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_version
    ADD CONSTRAINT skills_version_skill_id_33e5fb6b_fk_skills_skill_id FOREIGN KEY (skill_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_versionfingerprint skills_versionfinger_version_id_eabc052a_fk_skills_ve; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_versionfingerprint
    ADD CONSTRAINT skills_versionfinger_version_id_eabc052a_fk_skills_ve FOREIGN KEY (version_id) REFERENCES public.skills_version(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_viewedfile skills_viewedfile_account_id_46d09c48_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_viewedfile
    ADD CONSTRAINT skills_viewedfile_account_id_46d09c48_fk_skills_account_id FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_viewedfile skills_viewedfile_skill_id_7ff3f0aa_fk_skills_skill_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_viewedfile
    ADD CONSTRAINT skills_viewedfile_skill_id_7ff3f0aa_fk_skills_skill_id FOREIGN KEY (skill_id) REFERENCES public.skills_skill(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: skills_waitingusage skills_waitingusage_account_id_ac932931_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.skills_waitingusage
    ADD CONSTRAINT skills_waitingusage_account_id_ac932931_fk_skills_account_id FOREIGN KEY (account_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: socialaccount_socialtoken socialaccount_social_account_id_951f210e_fk_socialacc; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_social_account_id_951f210e_fk_socialacc FOREIGN KEY (account_id) REFERENCES public.socialaccount_socialaccount(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: socialaccount_socialtoken socialaccount_social_app_id_636a42d7_fk_socialacc; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_social_app_id_636a42d7_fk_socialacc FOREIGN KEY (app_id) REFERENCES public.socialaccount_socialapp(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: socialaccount_socialaccount socialaccount_social_user_id_8146e70c_fk_skills_ac; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.socialaccount_socialaccount
    ADD CONSTRAINT socialaccount_social_user_id_8146e70c_fk_skills_ac FOREIGN KEY (user_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: usersessions_usersession usersessions_usersession_user_id_af5e0a6d_fk_skills_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_user_id_af5e0a6d_fk_skills_account_id FOREIGN KEY (user_id) REFERENCES public.skills_account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- PostgreSQL database dump complete
--


