package dev.reverie.streams.json;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.reverie.actors.lifecycle.ClassInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Reads and writes the JSON of the API. In what it writes, names are in snake case, enums in lower case, times in ISO
 * 8601 and durations in seconds. An empty optional becomes null, and so does an {@link OptionalDouble} that is not
 * finite. Any other number must be finite, since JSON has no other numbers.
 */
public final class ApiJson {

    private static final double MILLIS = 1e3;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .addMixIn(ClassInfo.class, ShownClass.class)
            .addModule(new Jdk8Module())
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(Duration.class, new SecondsSerializer())
                    .addSerializer(OptionalDouble.class, new FiniteSerializer()))
            .build();

    private ApiJson() {}

    /** Writes a record, list or map as compact JSON. */
    public static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value of the API cannot be written as JSON", e);
        }
    }

    /** Reads a value from the body of a request; empty if it is not a single JSON value. */
    public static Optional<JsonNode> read(byte[] json) {
        try {
            return Optional.of(MAPPER.reader(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                            .readTree(json))
                    .filter(value -> !value.isMissingNode());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** What clients see of a class. */
    @JsonIgnoreProperties({"capacity", "version"})
    private interface ShownClass {}

    private static final class SecondsSerializer extends JsonSerializer<Duration> {

        @Override
        public void serialize(Duration value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeNumber(value.toMillis() / MILLIS);
        }
    }

    private static final class FiniteSerializer extends JsonSerializer<OptionalDouble> {

        @Override
        public void serialize(OptionalDouble value, JsonGenerator json, SerializerProvider provider)
                throws IOException {
            if (Double.isFinite(value.orElse(Double.NaN))) {
                json.writeNumber(value.getAsDouble());
            } else {
                json.writeNull();
            }
        }
    }
}
