package dev.reverie.gpu.method;

import io.soabase.recordbuilder.core.RecordBuilder.Initializer;

/**
 * The real batch of a class step.
 *
 * @param count number of images in the batch (N)
 * @param interval number of inner loops between two refreshes of the batch (I_int); a random batch is drawn again in
 *     every loop
 * @param candidates maximum number of images per class among which representatives and initial images are chosen by a
 *     network
 * @param perCentroid number of images chosen per cluster, those nearest to its centroid, usually 1 (DREAM, table 5);
 *     the number of clusters is {@code count / perCentroid}
 */
@GenerateSettingsBuilder
public record RepresentativeSettings(
        int count,
        int interval,

        @Initializer("CANDIDATES") int candidates,

        @Initializer("PER_CENTROID") int perCentroid)
        implements RepresentativeSettingsBuilder.With {

    // the generated builder starts from these values
    public static final int CANDIDATES = Integer.MAX_VALUE;
    public static final int PER_CENTROID = 1;

    public RepresentativeSettings {
        SettingsRules.atLeast(1, count, "count");
        SettingsRules.atLeast(1, perCentroid, "perCentroid");
        if (perCentroid > count) {
            throw new IllegalArgumentException(
                    "perCentroid must not exceed the number of representatives (" + count + "), got " + perCentroid);
        }
        SettingsRules.atLeast(1, interval, "interval");
        SettingsRules.atLeast(1, candidates, "candidates");
    }
}
