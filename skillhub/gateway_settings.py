"""Where the gateway listens, and the limits of the calls it passes through."""

from skillhub import env

GATEWAY_HOST = env.text("GATEWAY_HOST") or env.text("LISTEN_HOST", "127.0.0.1")
GATEWAY_PORT = env.number("GATEWAY_PORT", min(env.number("PORT", 8000) + 10, 65_535), least=1)
GATEWAY_URL = (env.text("GATEWAY_URL") or f"http://127.0.0.1:{GATEWAY_PORT}").rstrip("/")
GATEWAY_MOST_BYTES = env.number("GATEWAY_MOST_BYTES", 33_554_432, least=1_024)
GATEWAY_WAIT_SECONDS = env.number("GATEWAY_WAIT_SECONDS", 10)
GATEWAY_CALL_SECONDS = env.number("GATEWAY_CALL_SECONDS", 3_600, least=1)
GATEWAY_SILENCE_SECONDS = env.number("GATEWAY_SILENCE_SECONDS", 300, least=1)
GATEWAY_DRAIN_SECONDS = env.number("GATEWAY_DRAIN_SECONDS", 15)
