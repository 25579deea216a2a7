package dev.reverie.deploy.history;

/** What may be stored of a delivery of several classes that was never answered, once the service was killed. */
public enum DeliveryRule {
    /** All of its samples or none. */
    WHOLE,
    /** For each class, all of its samples or none. */
    EACH_CLASS
}
