"""How the REST API speaks: settings of Django REST framework and of the schema generator."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["skills.http.token_auth.ActorAuthentication"],
    # The acts ask the rules themselves, for pages and API alike: a second answer here could only differ.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "skills.http.problems.answer",
    "UNAUTHENTICATED_USER": None,
    # There is one renderer, and no parameter of an address chooses another.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "SkillHub API",
    "VERSION": "1",
    "DESCRIPTION": "Find, fetch, publish and review agent skills. Errors are RFC 9457 problems.",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {},
}
