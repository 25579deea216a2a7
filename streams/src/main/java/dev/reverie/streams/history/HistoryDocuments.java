package dev.reverie.streams.history;

import dev.reverie.streams.json.ApiJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** The history that this process recorded, as clients read it. */
final class HistoryDocuments {

    /** Maximum size in bytes of the JSON of a moment without its classes. */
    private static final long MAX_MOMENT_BYTES = 1024;

    /** Maximum size in bytes of the JSON of a class of a moment without the characters of its label. */
    private static final long MAX_CLASS_BYTES = 128;

    /** Maximum size in bytes of a character of a label in UTF-8. A label has no characters that JSON escapes. */
    private static final long MAX_CHARACTER_BYTES = 3;

    /** Maximum size in bytes of the JSON of one point of a curve. */
    private static final long MAX_POINT_BYTES = 256;

    private final Moments moments;
    private final LearningCurves curves;

    HistoryDocuments(Moments moments, LearningCurves curves) {
        this.moments = moments;
        this.curves = curves;
    }

    Optional<byte[]> get(History.Query query) {
        return switch (query) {
            case History.Query.Moments _ ->
                Optional.of(json(moments.all().stream().map(Summary::of).toList()));
            case History.Query.OneMoment(long number) ->
                moments.numbered(number).map(HistoryDocuments::json);
            case History.Query.Picture(String name) -> moments.picture(name).map(Moment.ClassPicture::png);
            case History.Query.Curves _ -> Optional.of(json(curves.points()));
            case History.Query.ClassCurve(String label) -> Optional.of(json(curves.lossesOf(label)));
        };
    }

    long estimate(History.Query query) {
        return switch (query) {
            case History.Query.Moments _ ->
                MAX_MOMENT_BYTES * (1 + moments.all().size());
            case History.Query.OneMoment _ ->
                MAX_MOMENT_BYTES
                        + moments.latest().stream()
                                .flatMap(latest -> latest.classes().stream())
                                .mapToLong(each -> MAX_CLASS_BYTES
                                        + MAX_CHARACTER_BYTES * each.label().length())
                                .sum();
            case History.Query.Picture _ ->
                moments.latest().stream()
                        .flatMap(latest -> latest.classes().stream())
                        .mapToInt(picture -> picture.png().length)
                        .max()
                        .orElse(0);
            case History.Query.Curves _, History.Query.ClassCurve _ ->
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
