package dev.reverie.gpu.method;

import java.util.List;

/** Default values of settings that most methods do not change; the generated builders start from these values. */
final class SettingsDefaults {

    public static final int POOL = 1;
    public static final NetworkVariation VARIATION = NetworkVariation.NONE;
    public static final List<MatchingArchitecture> ARCHITECTURES = List.of(MatchingArchitecture.CONVNET);
    public static final int MAX_DECODED = Integer.MAX_VALUE;
    public static final DecodingMode DECODING = DecodingMode.SINGLE;
    public static final StyleWeights STYLE = StyleWeights.NONE;
    public static final int CANDIDATES = Integer.MAX_VALUE;
    public static final int PER_CENTROID = 1;
    public static final double DECAY = 1;

    private SettingsDefaults() {}
}
