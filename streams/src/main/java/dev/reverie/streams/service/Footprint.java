package dev.reverie.streams.service;

import java.util.OptionalDouble;

/**
 * The memory that the images of a service take, and the time of its inner loops.
 *
 * @param imageBytes size of a real image, in bytes
 * @param factor multi-formation factor of the stored images
 * @param classBytes heap memory for the learned images of one class, in bytes
 * @param maxClasses maximum number of classes with such images
 * @param processBytes estimate of the most memory that the process takes on CPUs, in bytes
 * @param loopSeconds mean time of the last inner loops that matched a class; empty before the first one in this process
 */
public record Footprint(
        int imageBytes, int factor, long classBytes, int maxClasses, long processBytes, OptionalDouble loopSeconds) {}
