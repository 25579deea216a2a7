package dev.reverie.streams.kafka;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reverie.streams.decode.SampleDecoding;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The record reader decodes or refuses any record")
class RecordReaderFuzzTest {

    private static final RecordReader READER =
            new RecordReader(SampleDecoding.LIMITS, Optional.empty(), Optional::empty);
    private static final List<String> NAMES = List.of("content-type", "label", "id");
    private static final int MAX_HEADERS = 4;
    private static final int MAX_HEADER_BYTES = 40;

    @FuzzTest
    @DisplayName("with any headers and value")
    void record(FuzzedDataProvider input) throws Exception {
        RecordHeaders headers = new RecordHeaders();
        int count = input.consumeInt(0, MAX_HEADERS);
        for (int i = 0; i < count; i++) {
            headers.add(input.pickValue(NAMES), input.consumeBytes(MAX_HEADER_BYTES));
        }
        byte[] value = input.consumeRemainingAsBytes();
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                "t", 0, 0, 0, TimestampType.CREATE_TIME, 0, value.length, null, value, headers, Optional.empty());

        SampleDecoding.decodesOrRefuses(value, _ -> READER.samples(record));
    }
}
