package dev.reverie.deploy.config;

/**
 * One effective setting.
 *
 * @param key full name of the key, for example {@code reverie.http.port}
 * @param value the value as text; secrets are hidden
 * @param origin source of the value, for example {@code default}, {@code environment variable REVERIE_HTTP_PORT} or
 *     {@code my.conf: 3}
 */
public record EffectiveSetting(String key, String value, String origin) {}
