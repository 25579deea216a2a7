package dev.reverie.gpu.tensor;

/** Width of a tensor's elements: single for work, double for checking derivatives. */
public enum Precision {
    SINGLE,
    DOUBLE
}
