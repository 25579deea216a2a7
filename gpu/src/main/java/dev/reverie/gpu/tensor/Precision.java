package dev.reverie.gpu.tensor;

/** The precision of a tensor's elements: single for normal work, double for checking derivatives. */
public enum Precision {
    SINGLE,
    DOUBLE
}
