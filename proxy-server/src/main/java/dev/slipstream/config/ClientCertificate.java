package dev.slipstream.config;

/** Whether a client is asked for a certificate. */
public enum ClientCertificate {
    NONE,
    /** Asked for; a client may have none, but not one that nobody trusts. */
    OPTIONAL,
    REQUIRED
}
