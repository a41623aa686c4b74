package dev.slipstream.config;

/**
 * A certificate and its private key, in PEM. Paths are as the configuration has them, relative to the working directory.
 *
 * @param certificate the certificate, and behind it those that lead to an authority
 * @param key its private key, without a passphrase
 */
public record CertificateFiles(String certificate, String key) {}
