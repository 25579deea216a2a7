package dev.reverie.streams.history;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.VersionedFormat;
import java.util.List;

/** Serialises what nodes ask each other about the history. */
public final class HistoryFormats implements FormatProvider {

    private static final int MOMENTS = 0;
    private static final int ONE_MOMENT = 1;
    private static final int PICTURE = 2;
    private static final int CURVES = 3;
    private static final int CLASS_CURVE = 4;

    @Override
    public List<VersionedFormat<?>> formats(ActorRefs actors) {
        return List.of(
                VersionedFormat.of(
                        "read-history",
                        HistoryMessage.Read.class,
                        (output, read) -> {
                            writeQuery(output, read.query());
                            actors.write(output, read.replyTo());
                        },
                        input -> new HistoryMessage.Read(readQuery(input), actors.read(input))),
                VersionedFormat.of(
                        "forget-in-history",
                        HistoryMessage.Forget.class,
                        (output, forget) -> {
                            FieldFormats.writeText(output, forget.label());
                            actors.write(output, forget.replyTo());
                        },
                        input -> new HistoryMessage.Forget(FieldFormats.readText(input), actors.read(input))),
                VersionedFormat.of(
                        "history-content",
                        HistoryMessage.Content.class,
                        (output, content) -> FieldFormats.writeOptional(output, content.bytes(), bytes -> {
                            output.writeVarInt(bytes.length, true);
                            output.writeBytes(bytes);
                        }),
                        input -> new HistoryMessage.Content(FieldFormats.readOptional(
                                input, () -> input.readBytes(FieldFormats.readCount(input, 1))))),
                VersionedFormat.of(
                        "forgotten-in-history",
                        HistoryMessage.Forgotten.class,
                        (_, _) -> {},
                        _ -> new HistoryMessage.Forgotten()));
    }

    private static void writeQuery(Output output, History.Query query) {
        switch (query) {
            case History.Query.Moments _ -> output.writeByte(MOMENTS);
            case History.Query.OneMoment(long number) -> {
                output.writeByte(ONE_MOMENT);
                output.writeVarLong(number, true);
            }
            case History.Query.Picture(String name) -> {
                output.writeByte(PICTURE);
                FieldFormats.writeText(output, name);
            }
            case History.Query.Curves _ -> output.writeByte(CURVES);
            case History.Query.ClassCurve(String label) -> {
                output.writeByte(CLASS_CURVE);
                FieldFormats.writeText(output, label);
            }
        }
    }

    private static History.Query readQuery(Input input) {
        int kind = input.readByte();
        return switch (kind) {
            case MOMENTS -> new History.Query.Moments();
            case ONE_MOMENT -> new History.Query.OneMoment(input.readVarLong(true));
            case PICTURE -> new History.Query.Picture(FieldFormats.readText(input));
            case CURVES -> new History.Query.Curves();
            case CLASS_CURVE -> new History.Query.ClassCurve(FieldFormats.readText(input));
            default -> throw new IllegalArgumentException("unknown part of a history: " + kind);
        };
    }
}
