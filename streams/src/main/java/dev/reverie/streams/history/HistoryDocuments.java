package dev.reverie.streams.history;

import dev.reverie.streams.json.ApiJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** The history that this process recorded, as clients read it. */
final class HistoryDocuments {

    /**
     * Maximum size in bytes of the JSON of a moment without its classes, and of the JSON of each of them, whose label
     * has at most 128 characters.
     */
    private static final long MAX_MOMENT_BYTES = 1024;

    /** Maximum size in bytes of the JSON of one point of a curve. */
    private static final long MAX_POINT_BYTES = 256;

    private final Moments moments;
    private final LearningCurves curves;

    HistoryDocuments(Moments moments, LearningCurves curves) {
        this.moments = moments;
        this.curves = curves;
    }

    Optional<byte[]> get(HistoryQuery query) {
        return switch (query) {
            case HistoryQuery.Moments _ ->
                Optional.of(json(moments.all().stream().map(Summary::of).toList()));
            case HistoryQuery.OneMoment(long number) -> moments.numbered(number).map(HistoryDocuments::json);
            case HistoryQuery.Picture(String name) -> moments.picture(name).map(ClassPicture::png);
            case HistoryQuery.Curves _ -> Optional.of(json(curves.points()));
            case HistoryQuery.ClassCurve(String label) -> Optional.of(json(curves.lossesOf(label)));
        };
    }

    long estimate(HistoryQuery query) {
        return switch (query) {
            case HistoryQuery.Moments _ -> MAX_MOMENT_BYTES * (1 + moments.all().size());
            case HistoryQuery.OneMoment _ ->
                MAX_MOMENT_BYTES
                        * (1
                                + moments.latest()
                                        .map(latest -> latest.classes().size())
                                        .orElse(0));
            case HistoryQuery.Picture _ ->
                moments.latest().stream()
                        .flatMap(latest -> latest.classes().stream())
                        .mapToInt(picture -> picture.png().length)
                        .max()
                        .orElse(0);
            case HistoryQuery.Curves _, HistoryQuery.ClassCurve _ ->
                MAX_POINT_BYTES * (1 + curves.points().size());
        };
    }

    private static byte[] json(Object value) {
        return ApiJson.text(value).getBytes(StandardCharsets.UTF_8);
    }

    /** A moment without its classes. */
    private record Summary(long number, Instant at, long innerLoops) {

        static Summary of(Moment moment) {
            return new Summary(moment.number(), moment.at(), moment.innerLoops());
        }
    }
}
