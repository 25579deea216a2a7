package dev.reverie.streams.decode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The decoder of JSON Lines decodes or refuses any bytes")
class LinesFuzzTest {

    private static final DeliveryDecoder DECODER =
            new DeliveryDecoder(SampleDecoding.LIMITS, Optional.empty(), DeliveryDecoder.Terms.HTTP);

    @FuzzTest
    @DisplayName("as one sample per line")
    void lines(byte[] content) throws Exception {
        SampleDecoding.decodesOrRefuses(content, DECODER::lines);
    }
}
