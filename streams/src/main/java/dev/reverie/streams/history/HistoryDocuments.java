package dev.reverie.streams.history;

import dev.reverie.streams.json.ApiJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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

    private final Timeline<Moment> moments;
    private final Timeline<LearningPoint> curves;
    private volatile PictureIndex index = PictureIndex.of(List.of());

    HistoryDocuments(Timeline<Moment> moments, Timeline<LearningPoint> curves) {
        this.moments = moments;
        this.curves = curves;
    }

    Optional<byte[]> get(History.Query query) {
        return switch (query) {
            case History.Query.Moments _ ->
                Optional.of(json(moments.all().stream().map(Summary::of).toList()));
            case History.Query.OneMoment(long number) ->
                moments.all().stream()
                        .filter(moment -> moment.number() == number)
                        .findFirst()
                        .map(HistoryDocuments::json);
            case History.Query.Picture(String name) ->
                Optional.ofNullable(pictures().get(name));
            case History.Query.Curves _ -> Optional.of(json(curves.all()));
            case History.Query.ClassCurve(String label) -> Optional.of(json(lossesOf(label)));
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
                MAX_POINT_BYTES * (1 + curves.all().size());
        };
    }

    /** The files of the pictures of some moments, by the name of the picture. */
    private record PictureIndex(List<Moment> moments, Map<String, byte[]> pictures) {

        static PictureIndex of(List<Moment> moments) {
            Map<String, byte[]> pictures = new HashMap<>();
            moments.forEach(moment -> moment.classes().forEach(picture -> pictures.put(picture.name(), picture.png())));
            return new PictureIndex(moments, pictures);
        }
    }

    @SuppressWarnings("ReferenceEquality") // the list is another one as soon as the moments change
    private Map<String, byte[]> pictures() {
        List<Moment> now = moments.all();
        PictureIndex known = index;
        if (known.moments() != now) {
            known = PictureIndex.of(now);
            index = known;
        }
        return known.pictures();
    }

    /** The matching loss of one class at one point in time. */
    private record ClassLoss(Instant at, double matchingLoss) {}

    private List<ClassLoss> lossesOf(String label) {
        return curves.all().stream()
                .flatMap(point ->
                        Stream.ofNullable(point.losses().get(label)).map(loss -> new ClassLoss(point.at(), loss)))
                .toList();
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
