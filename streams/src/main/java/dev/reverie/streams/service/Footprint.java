package dev.reverie.streams.service;

import java.util.OptionalDouble;

/**
 * What the images of a service take.
 *
 * @param imageBytes size of a real image, in bytes
 * @param factor multi-formation factor of the stored images
 * @param classBytes heap memory for the learned images of one class, in bytes
 * @param maxClasses number of classes that fit
 * @param processBytes estimate of the most memory that the process takes on CPUs, in bytes
 * @param loopSeconds mean time of the last inner loops that matched a class; empty before the first one in this process
 */
public record Footprint(
        int imageBytes, int factor, long classBytes, int maxClasses, long processBytes, OptionalDouble loopSeconds) {}
