// SkillHub's own rules. Each asks a reviewer for a look; none blocks a version.
// tests/scans/rule_samples.py holds a text each must hit and a near miss it must not.

rule pipe_to_shell {
    meta:
        severity = "high"
        text = "Downloads something and runs it in one step."
        remedy = "Put the script into the bundle, where it can be reviewed."
    strings:
        $a = /\b(curl|wget|fetch)\b[^\n|]{0,200}\|\s{0,4}(sudo\s+)?(ba|z|da|k)?sh\b/
    condition:
        any of them
}

rule pipe_to_interpreter {
    meta:
        severity = "high"
        text = "Downloads something and feeds it to an interpreter."
        remedy = "Put the script into the bundle, where it can be reviewed."
    strings:
        $a = /\b(curl|wget)\b[^\n|]{0,200}\|\s{0,4}(sudo\s+)?(python[0-9.]{0,4}|node|perl|ruby|php)\b/
    condition:
        any of them
}

rule shell_substitution_download {
    meta:
        severity = "high"
        text = "Runs the output of a download."
        remedy = "Put the script into the bundle."
    strings:
        $a = /\b(ba|z)?sh\s+-c\s+["']?\$\((curl|wget)\b/
        $b = /\b(source|eval)\s+["']?(<\(|\$\()\s{0,4}(curl|wget)\b/
        $c = /\b(ba|z)?sh\s+<\(\s{0,4}(curl|wget)\b/
    condition:
        any of them
}

rule powershell_download {
    meta:
        severity = "high"
        text = "PowerShell downloads code and runs it."
        remedy = "Put the script into the bundle."
    strings:
        $a = /\b(iex|Invoke-Expression)\b[^\n]{0,120}(DownloadString|iwr|Invoke-WebRequest|irm|Invoke-RestMethod)/ nocase
        $b = /(iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b[^\n|]{0,200}\|\s{0,4}(iex|Invoke-Expression)\b/ nocase
    condition:
        any of them
}

rule powershell_encoded {
    meta:
        severity = "high"
        text = "PowerShell runs an encoded command."
        remedy = "Write the command in clear."
    strings:
        $a = /powershell(\.exe)?\b[^\n]{0,80}\s-(e|en|enc|encodedcommand)\s+[A-Za-z0-9+\/=]{20,}/ nocase
    condition:
        any of them
}

rule base64_to_shell {
    meta:
        severity = "high"
        text = "Decodes hidden text and runs it."
        remedy = "Write the command in clear."
    strings:
        $a = /base64\s+(-d|-D|--decode)\b[^\n|]{0,60}\|\s{0,4}(sudo\s+)?((ba|z)?sh|python[0-9.]{0,4}|node|perl)\b/
    condition:
        any of them
}

rule python_exec_decoded {
    meta:
        severity = "high"
        text = "Python runs decoded or downloaded text."
        remedy = "Put the code into the bundle in clear."
    strings:
        $a = /\b(exec|eval)\s{0,4}\([^\n]{0,80}(b64decode|fromhex|decompress|urlopen|requests\.get|rot13)/
    condition:
        any of them
}

rule javascript_eval_decoded {
    meta:
        severity = "high"
        text = "JavaScript runs decoded text."
        remedy = "Put the code into the bundle in clear."
    strings:
        $a = /\beval\s{0,4}\([^\n]{0,60}(atob|Buffer\.from|unescape)\s{0,4}\(/
        $b = /new\s+Function\s{0,4}\([^\n]{0,60}atob\s{0,4}\(/
    condition:
        any of them
}

rule reverse_shell {
    meta:
        severity = "high"
        text = "Opens a shell to another machine."
        remedy = "Remove it."
    strings:
        $a = /\/dev\/(tcp|udp)\/[^\s\/]{1,80}\/[0-9$]/
        $b = /\b(nc|ncat|netcat)\b[^\n]{0,60}\s-[a-z]{0,4}e\s{0,4}\S{0,20}(sh|cmd)/
        $c = /socat\b[^\n]{0,100}exec:[^\n]{0,40}sh/ nocase
        $d = /\bpty\.spawn\(\s{0,4}["'][^"']{0,20}sh["']/
    condition:
        any of them
}

rule credential_files {
    meta:
        severity = "high"
        text = "Touches files that hold credentials."
        remedy = "Ask the person for the one value that is needed."
    strings:
        $a = /(~|\$HOME|\/root|\/home\/[a-z]{1,20})\/\.(ssh\/(id_|authorized_keys|config)|aws\/credentials|netrc|pgpass|kube\/config|docker\/config\.json|npmrc|pypirc|git-credentials|gnupg)/
        $b = /\/etc\/shadow\b/
    condition:
        any of them
}

rule browser_secrets {
    meta:
        severity = "high"
        text = "Touches a browser's cookies or saved passwords."
        remedy = "Remove it."
    strings:
        $a = /(Chrome|Chromium|Brave|Edge|Firefox)[^\n]{0,80}(Login Data|Cookies|logins\.json|key4\.db)/ nocase
    condition:
        any of them
}

rule wallet_secrets {
    meta:
        severity = "high"
        text = "Asks for or reads the secrets of a wallet."
        remedy = "Remove it."
    strings:
        $a = /\b(export|read|send|paste|copy|upload|enter)\b[^\n]{0,60}\b(seed phrase|recovery phrase|mnemonic|wallet\.dat|private key of (your|the) wallet)\b/ nocase
    condition:
        any of them
}

rule environment_dump_sent {
    meta:
        severity = "high"
        text = "Sends environment variables to another machine."
        remedy = "Send only what is needed, and say so."
    strings:
        $a = /\b(printenv|env)\b[^\n]{0,40}\|\s{0,4}[^\n]{0,40}\b(curl|wget|nc)\b/
        $b = /\b(curl|requests\.post|fetch|axios\.post)\b[^\n]{0,160}(os\.environ\b[^.\[\n]|process\.env\b[^.\[\n]|\$\(env\)|\$\(printenv\))/
    condition:
        any of them
}

rule file_upload {
    meta:
        severity = "medium"
        text = "Uploads a file to another machine."
        remedy = "Say which file goes where, and why."
    strings:
        $a = /\bcurl\b[^\n]{0,160}(\s(-T|--upload-file)\s|\s(-F|--form)\s{0,4}["']?\w+=@|--data-binary\s+@)/
    condition:
        any of them
}

rule collecting_host {
    meta:
        severity = "high"
        text = "Names a service that is often used to collect stolen data."
        remedy = "Use a host of your own."
    strings:
        $a = /\b(webhook\.site|requestbin\.(com|net)|pipedream\.net|burpcollaborator\.net|oastify\.com|interact\.sh|ngrok(-free)?\.(io|app)|transfer\.sh|file\.io|0x0\.st|discord(app)?\.com\/api\/webhooks)/ nocase
    condition:
        any of them
}

rule shortened_address {
    meta:
        severity = "medium"
        text = "A shortened address hides where it leads."
        remedy = "Write the full address."
    strings:
        $a = /https?:\/\/(bit\.ly|tinyurl\.com|t\.co|goo\.gl|is\.gd|cutt\.ly|rb\.gy|shorturl\.at)\/\w/ nocase
    condition:
        any of them
}

rule raw_ip_address {
    meta:
        severity = "medium"
        text = "Talks to a bare IP address."
        remedy = "Use a name that can be recognised."
    strings:
        $a = /https?:\/\/([2-9]|1[13-9]|[2-9][0-9]|1[013-9][0-9]|2[0-4][0-9])\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}([:\/]|\b)/
    condition:
        any of them
}

rule paste_site_code {
    meta:
        severity = "medium"
        text = "Fetches text from a paste site."
        remedy = "Put the text into the bundle."
    strings:
        $a = /https?:\/\/(pastebin\.com\/raw|paste\.ee|hastebin\.com|rentry\.(co|org)\/\w+\/raw|ghostbin\.\w+|glot\.io\/snippets)/ nocase
    condition:
        any of them
}

rule deletes_everything {
    meta:
        severity = "high"
        text = "Deletes a home folder or a whole disk."
        remedy = "Name exactly what is deleted."
    strings:
        $a = /\brm\s+-[a-z]{0,3}(rf|fr)[a-z]{0,3}\s+(--no-preserve-root\s+)?("?\$HOME"?|~|\/|\/\*)(\s|\/?\*?\s|;|$)/
        $b = /\bmkfs(\.\w+)?\s+\/dev\//
        $c = /\bdd\b[^\n]{0,60}\bof=\/dev\/(sd|nvme|disk)/
    condition:
        any of them
}

rule world_writable {
    meta:
        severity = "low"
        text = "Makes files writable for everybody."
        remedy = "Give the rights that are needed."
    strings:
        $a = /\bchmod\s+(-R\s+)?(0?777|a\+rwx|ugo\+rwx)\b/
    condition:
        any of them
}

rule persistence {
    meta:
        severity = "high"
        text = "Starts something again after a restart."
        remedy = "Let the person set that up."
    strings:
        $a = /\b(crontab\s+-|\/etc\/cron\.|launchctl\s+load|LaunchAgents\/|systemctl\s+(--user\s+)?enable|schtasks\s+\/create|CurrentVersion\\Run)\b?/ nocase
        $b = />>\s{0,4}~?\/?\S{0,30}\.(bashrc|zshrc|profile|bash_profile)\b/
    condition:
        any of them
}

rule quarantine_removal {
    meta:
        severity = "high"
        text = "Switches a protection of the system off."
        remedy = "Remove it."
    strings:
        $a = /xattr\s+-[a-z]{0,3}d\w{0,3}\s+(-r\s+)?com\.apple\.quarantine/
        $b = /\bspctl\s+--master-disable/
        $c = /Set-MpPreference\s+-Disable/ nocase
        $d = /\bsetenforce\s+0\b/
        $e = /Set-ExecutionPolicy\s+(Bypass|Unrestricted)/ nocase
    condition:
        any of them
}

rule verification_off {
    meta:
        severity = "low"
        text = "Accepts any certificate."
        remedy = "Leave the check on."
    strings:
        $a = /\bcurl\b[^\n]{0,80}\s(-k|--insecure)\b/
        $b = /verify\s{0,2}=\s{0,2}False/
        $c = /NODE_TLS_REJECT_UNAUTHORIZED\s{0,2}=\s{0,2}["']?0/
        $d = /git\s+-c\s+http\.sslVerify=false/
    condition:
        any of them
}

rule sudo_use {
    meta:
        severity = "low"
        text = "Asks for the rights of the administrator."
        remedy = "Do without, or say why."
    strings:
        $a = /(^|[\n`;&|]\s{0,8})sudo\s+[a-z\/]/
    condition:
        any of them
}

rule ignore_instructions {
    meta:
        severity = "high"
        text = "Tells the model to forget its other instructions."
        remedy = "Remove it."
    strings:
        $a = /\b(ignore|disregard|forget|override)\b[^\n.]{0,30}\b(all|any|previous|prior|earlier|above|system|your)\b[^\n.]{0,30}\b(instructions?|prompts?|rules|guidelines|safety)\b/ nocase
    condition:
        any of them
}

rule hide_from_user {
    meta:
        severity = "high"
        text = "Tells the model to keep something from the person."
        remedy = "Remove it."
    strings:
        $a = /\b(do not|don't|never|without)\s+(tell|telling|inform|informing|mention(ing)?|show(ing)?|reveal(ing)?|notify(ing)?|alert(ing)?|ask(ing)?)\b[^\n.]{0,30}\b(the )?(user|human|operator|person)\b[^\n.]{0,40}\b(about|that|this|first|permission|confirmation)\b/ nocase
    condition:
        any of them
}

rule claims_authority {
    meta:
        severity = "medium"
        text = "Claims that a check has passed or that a rule does not apply."
        remedy = "Remove it."
    strings:
        $a = /\b(this skill (is|was|has been) (already )?(approved|verified|certified|pre-approved)|security review (is )?not (needed|required)|skip (the )?(security|safety) (review|checks?))\b/ nocase
    condition:
        any of them
}

rule role_markers {
    meta:
        severity = "medium"
        text = "Imitates the marks that separate system and user."
        remedy = "Write it another way."
    strings:
        $a = /<\|(im_start|im_end|system|endoftext)\|>/
        $b = /\[\/?INST\]/
        $c = /(^|\n)(###\s)?SYSTEM (PROMPT|OVERRIDE)\s{0,2}:/
    condition:
        any of them
}

rule follows_remote_text {
    meta:
        severity = "medium"
        text = "Tells the model to obey text from an address."
        remedy = "Put the instructions into the bundle."
    strings:
        $a = /\b(fetch|download|read|open|load|get)\b[^\n]{0,80}https?:\/\/[^\s)]{4,200}[^\n]{0,60}\b(and|then)\b[^\n]{0,20}\b(follow|obey|execute|run|apply)\b/ nocase
    condition:
        any of them
}

rule agent_settings {
    meta:
        severity = "high"
        text = "Changes what the agent itself is allowed to do."
        remedy = "Let the person change settings."
    strings:
        $a = /(write|add|append|edit|modify|update|create|>>?)[^\n]{0,80}(\.claude\/settings(\.local)?\.json|\.mcp\.json|\.cursor\/mcp\.json|claude_desktop_config\.json|\.codex\/config\.toml)/ nocase
        $b = /--dangerously-skip-permissions|--yolo\b|--full-auto\b/
    condition:
        any of them
}

rule memory_files {
    meta:
        severity = "medium"
        text = "Writes into files every later session reads."
        remedy = "Let the person decide what is remembered."
    strings:
        $a = /(append|add|write|insert|>>)[^\n]{0,60}\b(CLAUDE|AGENTS|GEMINI|SOUL|MEMORY)\.md\b/ nocase
    condition:
        any of them
}

rule unpinned_remote_package {
    meta:
        severity = "low"
        text = "Runs a package of somebody else without a version."
        remedy = "Pin the version."
    strings:
        $a = /\bnpx\s+(-y|--yes)\s+@?[a-z0-9][\w.\/-]{1,80}(\s|$|`)/
        $b = /\bpip3?\s+install\s+(-U\s+|--upgrade\s+)?git\+https/
        $c = /\buvx\s+--from\s+git\+/
    condition:
        any of them
}
