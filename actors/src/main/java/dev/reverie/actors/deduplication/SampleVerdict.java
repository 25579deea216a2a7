package dev.reverie.actors.deduplication;

/** What a class says of a sample that it was given. */
public enum SampleVerdict {
    /** The class has stored the sample. */
    STORED,
    /** The class has stored the same sample before. */
    DUPLICATE,
    /** The id of the sample belongs to another image of the class. */
    CONFLICT,
    /** The class is sealed and stores no more samples. */
    SEALED
}
