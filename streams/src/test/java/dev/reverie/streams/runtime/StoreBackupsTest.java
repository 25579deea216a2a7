package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.backup.BackupException;
import dev.reverie.actors.backup.BackupReader;
import dev.reverie.actors.registry.RegistryRows;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreLoader;
import dev.reverie.actors.store.StoredRow;
import dev.reverie.streams.service.MemoryService.ServiceBackup;
import dev.reverie.streams.service.ServiceException.StoreDamagedException;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The backups of a running service")
class StoreBackupsTest {

    private static final byte[] PAYLOAD = new byte[200_000];
    private static final int ROWS = 20;

    private final ActorTestKit kit = ActorTestKit.create();
    private final Path folder;
    private Store store;
    private StoreBackups backups;

    StoreBackupsTest(@TempDir Path folder) {
        this.folder = folder;
        store = Store.inFolder(folder);
        backups = new StoreBackups(store, InstantSource.system(), Runnable::run);
    }

    @BeforeEach
    void fill() {
        try (StoreLoader loader = store.load()) {
            for (int number = 1; number <= ROWS; number++) {
                loader.add(new StoredRow.Snapshot("class|0", number, 0, 0, "", ByteString.fromArray(PAYLOAD)));
            }
            loader.add(RegistryRows.registering("cat", "dog"));
            loader.commit();
        }
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
        store.close();
    }

    @Test
    @DisplayName("are taken one at a time")
    void oneAtATime() throws IOException {
        ServiceBackup first = begin();
        assertThatThrownBy(this::begin)
                .cause()
                .isInstanceOf(UnavailableException.class)
                .hasMessage("the service is sending another backup: try again when that backup has ended");

        first.close();
        try (ServiceBackup second = begin()) {
            first.close();
            assertThatThrownBy(this::begin).hasCauseInstanceOf(UnavailableException.class);
            assertThat(reader(contentOf(second)).verify().snapshots()).isEqualTo(ROWS);
        }
    }

    @Test
    @DisplayName("end with the reason if the store cannot be read any more")
    void endWithTheReason() throws IOException {
        try (ServiceBackup backup = begin()) {
            Files.write(Path.of(store.name()).resolve(Store.FILE + "-wal"), new byte[0]);
            assertThatThrownBy(() -> reader(contentOf(backup)).verify())
                    .isInstanceOf(BackupException.class)
                    .hasMessage("the backup it is not complete: the store " + store.name()
                            + " cannot be read: check its disk or its database server");
        }
    }

    @Test
    @DisplayName("are refused while the store cannot be read, and taken again afterwards")
    void refusedWithoutStore() {
        store.close();
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(this::begin)
                    .cause()
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageNotContaining("another backup");
        }
    }

    @Test
    @DisplayName("send their first bytes before the rows are verified, and end with the reason if rows are damaged")
    void endWithDamage() {
        loseAnEvent();
        try (ServiceBackup backup = begin()) {
            byte[] content = contentOf(backup);

            assertThat(content).startsWith("RVBACKUP".getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> reader(content).verify())
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining(
                            "is not complete: the store " + store.name() + " has damaged rows of class|1:");
        }
    }

    @Test
    @DisplayName("are refused if the store was damaged when it was opened")
    void refusedIfDamaged() {
        loseAnEvent();
        store.close();
        store = Store.inFolder(folder);
        backups = new StoreBackups(store, InstantSource.system(), Runnable::run);

        assertThatThrownBy(this::begin)
                .cause()
                .isInstanceOf(StoreDamagedException.class)
                .hasMessageContaining("has damaged rows of class|1: restore it from a backup");
        store.erase("class|1").toCompletableFuture().join();
        begin().close();
    }

    @Test
    @DisplayName("are refused while a class that has had samples has no rows")
    void refusedWithoutTheRowsOfAClass() {
        replaceAllBy(RegistryRows.registering("cat", "dog"), RegistryRows.populating(1));

        assertThatThrownBy(this::begin)
                .cause()
                .isInstanceOf(StoreDamagedException.class)
                .hasMessageContaining("has damaged rows of class|1: restore it from a backup");
    }

    @Test
    @DisplayName("are refused while the list of classes lacks a class that has rows")
    void refusedWithoutARegistration() {
        replaceAllBy(RegistryRows.registering("cat"), event(1));

        assertThatThrownBy(this::begin)
                .cause()
                .isInstanceOf(StoreDamagedException.class)
                .hasMessageContaining("the list of classes in the store " + store.name() + " is damaged");
    }

    private void loseAnEvent() {
        replaceAllBy(RegistryRows.registering("cat", "dog"), event(1), event(3));
    }

    private static StoredRow event(int number) {
        return new StoredRow.Event("class|1", number, false, "", 0, "", 0, "", ByteString.emptyByteString());
    }

    private void replaceAllBy(StoredRow... rows) {
        store.eraseAll(_ -> true).toCompletableFuture().join();
        try (StoreLoader loader = store.load()) {
            List.of(rows).forEach(loader::add);
            loader.commit();
        }
    }

    @Test
    @DisplayName("are taken again after any failure")
    void takenAgainAfterFailures() {
        AtomicInteger tasks = new AtomicInteger();
        backups = new StoreBackups(store, InstantSource.system(), task -> {
            switch (tasks.incrementAndGet()) {
                case 1 -> throw new RejectedExecutionException("too much to do");
                case 2 -> throw new AssertionError("a page of the database is damaged");
                default -> task.run();
            }
        });
        assertThatThrownBy(this::begin).hasRootCauseMessage("too much to do");
        assertThatThrownBy(this::begin).hasRootCauseMessage("a page of the database is damaged");
        begin().close();
    }

    @Test
    @DisplayName("are closed by a thread for blocking calls, never by the caller")
    void closedAside() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        backups = new StoreBackups(store, InstantSource.system(), tasks::add);
        CompletionStage<ServiceBackup> begun = backups.begin();
        tasks.remove().run();
        begun.toCompletableFuture().join().close();

        assertThat(backups.begin().toCompletableFuture()).isCompletedExceptionally();
        tasks.remove().run();
        assertThat(backups.begin().toCompletableFuture()).isNotDone();
    }

    private ServiceBackup begin() throws CompletionException {
        return backups.begin().toCompletableFuture().join();
    }

    private byte[] contentOf(ServiceBackup backup) {
        return backup.content()
                .runFold(ByteString.emptyByteString(), ByteString::concat, kit.system())
                .toCompletableFuture()
                .join()
                .toArray();
    }

    private static BackupReader reader(byte[] bytes) throws IOException {
        return new BackupReader(new ByteArrayInputStream(bytes), "it");
    }
}
