package dev.reverie.deploy.history;

/** A sample as the service tells samples apart: an id belongs to its label. */
public record SampleKey(String label, String id) {}
