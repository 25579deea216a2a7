package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Answers of which clients may have 800 bytes to read")
class AnswersTest {

    private final Answers answers = new Answers(800, Duration.ofSeconds(1), 1000);

    /** Begins a file of which nothing is sent, and returns what abandons it. */
    private Runnable begin(long bytes) {
        CompletableFuture<byte[]> content = new CompletableFuture<>();
        answers.file(ContentTypes.APPLICATION_OCTET_STREAM, bytes, () -> content);
        return () -> content.completeExceptionally(new IOException("abandoned"));
    }

    @Test
    @DisplayName("have a share for JSON that arrays and pictures cannot use")
    void json() {
        for (int picture = 0; picture < 7; picture++) {
            begin(100);
        }
        assertThatThrownBy(() -> begin(1)).isInstanceOf(ProblemException.class);

        assertThat(answers.json(100, () -> CompletableFuture.completedStage(new byte[7])))
                .isCompleted();
        assertThat(answers.reserved()).isEqualTo(707);
    }

    @Test
    @DisplayName("can be one that is larger than all, however many small ones are being read")
    void large() {
        List<Runnable> samples = IntStream.range(0, 7).mapToObj(_ -> begin(100)).toList();

        Runnable memory = begin(10_000);

        assertThat(answers.reserved()).isEqualTo(10_700);
        assertThatThrownBy(() -> begin(10_000)).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> begin(100)).isInstanceOf(ProblemException.class);
        samples.getFirst().run();
        begin(100);
        memory.run();
        begin(10_000);
    }

    @Test
    @DisplayName("have space for JSON before it is read, and return it if the JSON is not sent")
    void readJson() {
        CompletableFuture<byte[]> content = new CompletableFuture<>();
        CompletableFuture<HttpResponse> answer = answers.json(60, () -> content).toCompletableFuture();
        assertThat(answers.reserved()).isEqualTo(60);
        content.complete(new byte[40]);
        assertThat(answer.join().status().intValue()).isEqualTo(200);
        assertThat(answers.reserved()).isEqualTo(40);

        assertThat(answers.json(60, () -> CompletableFuture.failedStage(new IOException())))
                .isCompletedExceptionally();
        assertThat(answers.json(60, () -> {
                    throw new IllegalStateException();
                }))
                .isCompletedExceptionally();
        assertThat(answers.json(60, () -> CompletableFuture.completedStage(new byte[61])))
                .isCompletedExceptionally();
        assertThat(answers.reserved()).isEqualTo(40);
    }

    @Test
    @DisplayName("can be JSON of any size, whatever its estimate, while no other is being read")
    void loneJson() {
        assertThat(answers.json(10, () -> CompletableFuture.completedStage(new byte[10_000])))
                .isCompleted();
        assertThat(answers.reserved()).isEqualTo(10_000);
    }

    @Test
    @DisplayName("do not take the place of the large one if they are small")
    void small() {
        begin(700);

        assertThatThrownBy(() -> begin(175)).isInstanceOf(ProblemException.class);
        begin(176);
    }

    @Test
    @DisplayName("fail if they are larger than their estimate and do not fit, and return their space")
    void underestimated() {
        Runnable other = begin(700);

        assertThat(answers.file(
                        ContentTypes.APPLICATION_OCTET_STREAM,
                        0,
                        () -> CompletableFuture.completedStage(new byte[200])))
                .isCompletedExceptionally();
        assertThat(answers.reserved()).isEqualTo(700);

        other.run();
        assertThat(answers.reserved()).isZero();
    }

    @Test
    @DisplayName("are encoded and counted once for all clients that ask for the same one at the same time")
    void shared() {
        AtomicInteger encodings = new AtomicInteger();
        CompletableFuture<byte[]> content = new CompletableFuture<>();
        Supplier<CompletionStage<byte[]>> encode = () -> {
            encodings.incrementAndGet();
            return content;
        };

        List<CompletionStage<HttpResponse>> sent = Stream.generate(
                        () -> answers.sharedFile("memory", Responses.NPZ, 600, encode))
                .limit(20)
                .toList();

        assertThat(answers.reserved()).isEqualTo(600);
        assertThatThrownBy(() -> answers.sharedFile("another", Responses.NPZ, 150, encode))
                .isInstanceOf(ProblemException.class);
        content.complete(new byte[500]);
        assertThat(sent).allSatisfy(answer -> assertThat(answer).isCompleted());
        assertThat(encodings).hasValue(1);
        assertThat(answers.reserved()).isEqualTo(500);
    }

    @Test
    @DisplayName("leave nothing reserved if the encoding of a shared one fails, and are encoded anew then")
    void failedEncoding() {
        Supplier<CompletionStage<byte[]>> failing =
                () -> CompletableFuture.failedStage(new IllegalStateException("no"));

        assertThat(answers.sharedFile("memory", Responses.NPZ, 60, failing)).isCompletedExceptionally();

        assertThat(answers.reserved()).isZero();
        assertThat(answers.sharedFile(
                        "memory", Responses.NPZ, 60, () -> CompletableFuture.completedStage(new byte[60])))
                .isCompleted();
    }
}
