"""The addresses of the API's calls."""

ACTIVATION, RESET, SESSION = "/api/activation", "/api/password-reset", "/api/session"
ACCOUNT, OWN_PASSWORD, CONTACT = "/api/account", "/api/account/password", "/api/account/contact"
CONSENT, CHANNEL, TERMS = "/api/account/consent", "/api/account/code-channel", "/api/account/terms"
REQUESTS, VERIFICATION = "/api/requests", "/api/documents/verification"
HOME, UPLOADS, FOLLOW_UP = "/api/correspondent", "/api/correspondent/uploads", "/api/correspondent/requests/search"
ROW, SEARCH = "/api/correspondent/people", "/api/correspondent/people/search"
