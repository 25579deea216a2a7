package dev.reverie.streams.decode;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.gpu.dataset.ArrayHints;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The decoder of NPZ batches decodes or refuses")
class BatchFuzzTest {

    private static final DeliveryDecoder DECODER =
            new DeliveryDecoder(SampleDecoding.LIMITS, Optional.empty(), DeliveryDecoder.Terms.HTTP);

    @FuzzTest
    @DisplayName("any labels and ids")
    void names(FuzzedDataProvider input) throws Exception {
        List<String> labels = List.of(input.consumeString(20), input.consumeString(200));
        List<String> ids = List.of(input.consumeString(20), input.consumeRemainingAsString());
        byte[] batch = NpzBytes.greyImages(labels).texts("ids", ids).toBytes();

        SampleDecoding.decodesOrRefuses(batch, content -> DECODER.batch(content, ArrayHints.NONE));
    }
}
