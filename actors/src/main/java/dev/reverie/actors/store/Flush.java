package dev.reverie.actors.store;

/** When the store in a folder lets the disk write what was committed. */
public enum Flush {
    /** Before each commit is acknowledged: a power cut loses nothing that was acknowledged. */
    ALWAYS,
    /** About once a second: a power cut can lose what was acknowledged in the last second. */
    SECOND
}
