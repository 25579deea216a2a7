package dev.reverie.deploy.config;

/**
 * One value that is in force.
 *
 * @param key in full, for example {@code reverie.http.port}
 * @param value as text; not that of a secret
 * @param origin for example {@code default}, {@code environment variable REVERIE_HTTP_PORT} or {@code my.conf: 3}
 */
public record EffectiveSetting(String key, String value, String origin) {}
