// Credentials that must not be kept. A match is refused unless it reads like an example
// or has too little entropy (skills/bundles/secrets.py). `kind` is what the author is told.
// The order matters: on one line the first rule that matches names what was found.
// Patterns end as soon as they can (`{32,}?`) or have a limit: a text may start one at every third byte, and
// each would be read for 4,095 bytes.

rule aws_access_key {
    meta:
        kind = "AWS access key"
    strings:
        $value = /\b(AKIA|ASIA)[0-9A-Z]{16}\b/
    condition:
        $value
}

rule github_token {
    meta:
        kind = "GitHub token"
    strings:
        $value = /\bgh[pousr]_[A-Za-z0-9]{36,}\b/
    condition:
        $value
}

rule github_fine_grained_token {
    meta:
        kind = "GitHub token"
    strings:
        $value = /\bgithub_pat_[A-Za-z0-9_]{60,200}\b/
    condition:
        $value
}

rule gitlab_token {
    meta:
        kind = "GitLab token"
    strings:
        $value = /\bglpat-[A-Za-z0-9_-]{20,}?\b/
    condition:
        $value
}

rule slack_token {
    meta:
        kind = "Slack token"
    strings:
        $value = /\bxox[abeoprs]-[A-Za-z0-9-]{20,}?\b/
    condition:
        $value
}

rule anthropic_key {
    meta:
        kind = "Anthropic key"
    strings:
        $value = /\bsk-ant-[A-Za-z0-9_-]{32,}?\b/
    condition:
        $value
}

rule openai_key {
    meta:
        kind = "OpenAI key"
    strings:
        $value = /\bsk-(proj-|svcacct-)??[A-Za-z0-9_-]{32,}?\b/
    condition:
        $value
}

rule google_api_key {
    meta:
        kind = "Google API key"
    strings:
        $value = /\bAIza[0-9A-Za-z_-]{35}\b/
    condition:
        $value
}

rule stripe_key {
    meta:
        kind = "Stripe key"
    strings:
        $value = /\b[rs]k_live_[A-Za-z0-9]{24,}\b/
    condition:
        $value
}

rule npm_token {
    meta:
        kind = "npm token"
    strings:
        $value = /\bnpm_[A-Za-z0-9]{36}\b/
    condition:
        $value
}

rule pypi_token {
    meta:
        kind = "PyPI token"
    strings:
        $value = /\bpypi-[A-Za-z0-9_-]{60,}?\b/
    condition:
        $value
}

rule hugging_face_token {
    meta:
        kind = "Hugging Face token"
    strings:
        $value = /\bhf_[A-Za-z0-9]{34}\b/
    condition:
        $value
}

rule sendgrid_key {
    meta:
        kind = "SendGrid key"
    strings:
        $value = /\bSG\.[A-Za-z0-9_-]{20,}?\.[A-Za-z0-9_-]{40,}?\b/
    condition:
        $value
}

rule skillhub_token {
    meta:
        kind = "SkillHub token"
    strings:
        $value = /\bskh_[A-Za-z0-9_-]{40,80}?\b/
    condition:
        $value
}

rule private_key {
    meta:
        kind = "private key"
    strings:
        $value = /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----(\s|\\[nr]){1,4}[A-Za-z0-9+\/=\s]{60,}/
    condition:
        $value
}

rule password_in_url {
    meta:
        kind = "password in a URL"
    strings:
        $value = /\b(postgres(ql)?|mysql|mongodb(\+srv)?|amqp):\/\/[^\s:\/@]+:[^\s:\/@]{12,}@/
    condition:
        $value
}
