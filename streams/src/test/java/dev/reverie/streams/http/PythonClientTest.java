package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.gpu.dataset.Numpy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The Python client")
@Timeout(120)
class PythonClientTest {

    private static final Path CLIENT =
            Path.of("..", "clients", "python").toAbsolutePath().normalize();

    private Server server;

    @BeforeEach
    void start() {
        server = Server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private String run(String script) {
        return Numpy.find()
                .run(
                        "sys.path.insert(0, sys.argv[1])\nfrom reverie import Problem, Reverie\n"
                                + "service = Reverie(sys.argv[2], patience=5)\n" + script,
                        CLIENT,
                        server.uri(""));
    }

    @Test
    @DisplayName("sends samples in batches, with integer or text labels, and reports duplicates")
    void samples() {
        assertThat(run("""
                        images = np.arange(600 * 4, dtype='u1').reshape(600, 2, 2)
                        print(service.samples(images, np.arange(600) % 3, ids=[str(i) for i in range(600)]))
                        print(service.samples(images[:5], np.zeros(5, int), ids=['1', '2', 'a', 'b', 'c']))
                        print(service.samples(np.linspace(0, 1, 8).reshape(2, 1, 2, 2), ['Tücher', 'cat']))
                        print([c['label'] for c in service.classes()], service.status()['samples'])
                        """)).isEqualTo("""
                        (600, 0)
                        (3, 2)
                        (2, 0)
                        ['0', '1', '2', 'Tücher', 'cat'] 605""");
    }

    @Test
    @DisplayName("sends large images a few at a time")
    void largeImages() {
        assertThat(run("""
                        noise = np.random.default_rng(0).integers(0, 256, (60, 3, 224, 224), dtype='u1')
                        print(service.samples(noise, ['cat'] * 60))
                        """)).isEqualTo("(60, 0)");
    }

    @Test
    @DisplayName("fetches the memory only if it has changed, and draws batches from it")
    void memory() {
        assertThat(run("""
                        service.samples(np.arange(16, dtype='u1').reshape(4, 2, 2) * 10, ['a', 'a', 'b', 'c'])
                        memory = service.memory()
                        print(memory['images'].shape, memory['images'].dtype, memory['class_names'].tolist())
                        print(service.memory()['images'] is memory['images'])
                        service.samples(np.zeros((1, 2, 2), 'u1'), ['d'])
                        print(len(service.memory()['images']))
                        images, labels, names = service.sample(8, seed=3, classes=['a', 'c'])
                        print(images.shape, images.dtype, sorted(labels.tolist()), names)
                        print((service.sample(8, seed=3, classes=['a', 'c'])[0] == images).all())
                        """)).isEqualTo("""
                        (4, 1, 2, 2) float32 ['a', 'b', 'c']
                        True
                        5
                        (8, 1, 2, 2) float32 [0, 0, 0, 0, 2, 2, 2, 2] {0: 'a', 1: 'b', 2: 'c', 3: 'd'}
                        True""");
    }

    @Test
    @DisplayName("seals and forgets classes of any name")
    void classes() {
        assertThat(run("""
                        service.samples(np.zeros((2, 2, 2), 'u1'), ['Tücher und mehr', 'b'])
                        print(service.seal('Tücher und mehr')['phase'])
                        service.forget('Tücher und mehr')
                        service.forget('nobody')
                        print([c['label'] for c in service.classes()])
                        """)).isEqualTo("sealed\n['b']");
    }

    @Test
    @DisplayName("raises the service's refusal with its message")
    void refused() {
        assertThat(run("""
                        try:
                            service.samples(np.zeros((1, 2, 2), 'u1'), ['../x'])
                        except Problem as problem:
                            print(problem.status, problem.type, problem.detail[:42])
                        """)).isEqualTo("422 /problems/label-invalid the label of image 0 of the body is '../x'");
    }

    @Test
    @DisplayName("retries on request, and gives up after its time limit")
    void retries() {
        server.service.replyWith(CompletableFuture.completedStage(
                new DeliveryOutcome.Deferred(DeliveryOutcome.Cause.OVERLOADED, "later", Duration.ofSeconds(1))));

        String printed = run("""
                        service = Reverie(sys.argv[2], patience=2.5)
                        try:
                            service.samples(np.zeros((1, 2, 2), 'u1'), ['a'])
                        except Problem as problem:
                            print(problem)
                        """);

        assertThat(printed).isEqualTo("later (429 /problems/overloaded)");
        assertThat(server.refusals).hasSizeGreaterThanOrEqualTo(2);
    }
}
