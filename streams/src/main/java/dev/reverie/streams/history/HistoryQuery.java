package dev.reverie.streams.history;

/** A part of the history that clients can read. */
public sealed interface HistoryQuery {

    /** All moments without their classes, as JSON. */
    record Moments() implements HistoryQuery {}

    /** One moment with its classes, as JSON. */
    record OneMoment(long number) implements HistoryQuery {}

    /** A picture of the images of a class, as PNG. */
    record Picture(String name) implements HistoryQuery {}

    /** The learning curves, as JSON. */
    record Curves() implements HistoryQuery {}

    /** The matching loss of one class over time, as JSON. */
    record ClassCurve(String label) implements HistoryQuery {}
}
