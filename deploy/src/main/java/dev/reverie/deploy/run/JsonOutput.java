package dev.reverie.deploy.run;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.reverie.deploy.text.Spelling;
import dev.reverie.gpu.dataset.ImageShape;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes records as JSON, in the format that all files and outputs share: keys in snake case, enum values as on the
 * command line ({@code kmeans}), image shapes as {@code [C, H, W]}; absent values are omitted.
 */
public final class JsonOutput {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new SimpleModule().addSerializer(new EnumSerializer()))
            .withConfigOverride(
                    ImageShape.class, shape -> shape.setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.ARRAY)))
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
            .build();

    private JsonOutput() {}

    public static String line(Object value) {
        return write(MAPPER.writer(), value);
    }

    /** Formats a value with indentation, for people. */
    public static String pretty(Object value) {
        return write(MAPPER.writerWithDefaultPrettyPrinter(), value) + "\n";
    }

    private static String write(ObjectWriter writer, Object value) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class EnumSerializer extends JsonSerializer<Enum<?>> {

        @Override
        @SuppressWarnings("unchecked") // a class literal has no type parameters
        public Class<Enum<?>> handledType() {
            return (Class<Enum<?>>) (Class<?>) Enum.class;
        }

        @Override
        public void serialize(Enum<?> value, JsonGenerator to, SerializerProvider provider) throws IOException {
            to.writeString(Spelling.of(value));
        }
    }
}
