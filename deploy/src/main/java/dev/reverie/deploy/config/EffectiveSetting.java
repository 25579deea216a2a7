package dev.reverie.deploy.config;

/**
 * One effective setting.
 *
 * @param key in full, for example {@code reverie.http.port}
 * @param value as text; hidden for a secret
 * @param origin for example {@code default}, {@code environment variable REVERIE_HTTP_PORT} or {@code my.conf: 3}
 */
public record EffectiveSetting(String key, String value, String origin) {}
