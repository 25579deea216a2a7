package dev.reverie.streams.folder;

import dev.reverie.actors.Asks;
import dev.reverie.actors.deduplication.FileKeys;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.streams.decode.SafeExcerpt;
import dev.reverie.streams.folder.FolderSettings.After;
import dev.reverie.streams.ingest.ItemDelivery;
import dev.reverie.streams.ingest.ItemDelivery.DecodeResult;
import dev.reverie.streams.ingest.RetryingDelivery;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.Readiness;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.RestartSettings;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.RestartSource;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ingests the existing and new files of a folder.
 *
 * <pre>
 *   ROOT/LABEL/NAME.png (.jpg, .tiff)    an image of the class LABEL
 *   ROOT/LABEL/NAME.npy                  images of the class LABEL
 *   ROOT/NAME.npz                        a batch as over HTTP, with its labels
 *
 *   change or timer --> scan --> complete? --> decode --> group --> accept or refuse --> leave, move or delete
 *                        ^-- again soon, if files were seen once --'
 * </pre>
 *
 * <p>A file is read when it has stayed unchanged for {@link FolderSettings#settle()} over at least two scans, so it may
 * be written in place. A file that cannot be read is read again by the next scan. Files and folders whose names begin
 * with a dot, files with unsupported extensions, deeper folders and {@code lost+found} are skipped. Symbolic links are
 * refused, unless the settings allow to follow those that stay below the root. Nothing outside the root is read or
 * written.
 *
 * <p>The service records the key of a file (a hash of its name, size and modification time) as soon as its samples are
 * durable, so each file counts once, however often the service restarts. A scan removes the files from the record that
 * are no longer in the folder. A file with another size or time counts as new, except for samples that the service
 * still recognises by their ids. The id of a sample is derived from the path of its file below the root and from the
 * content of the file, unless the sample comes from an NPZ file with ids.
 *
 * <p>Scanning waits while the service defers deliveries, and after each scan but the first for five times as long as it
 * took, at most five minutes. This ingest source needs at least 32 bytes of memory per file.
 */
final class FolderIngest implements WatchedFolder {

    static final String NAME = "folder";

    private static final Logger LOG = LoggerFactory.getLogger(FolderIngest.class);

    private static final int READERS = 2;

    private final ActorSystem<?> system;
    private final FolderSettings settings;
    private final Path root;
    private final SampleFileReader reader;
    private final MemoryService service;
    private final IngestListener listener;
    private final Executor work;
    private final LongSupplier nanos;
    private final SharedKillSwitch scanning = KillSwitches.shared("folder-scans");
    private final SharedKillSwitch closing = KillSwitches.shared("folder-ingest");
    private final CompletionStage<Done> ended;
    private final FolderReadiness check;
    private volatile RetryingDelivery delivery;
    private volatile boolean running;
    private volatile boolean stopping;

    /**
     * Starts ingesting.
     *
     * @param settings their root has no symbolic links in its path
     */
    FolderIngest(
            ActorSystem<?> system,
            FolderSettings settings,
            MemoryService service,
            IngestListener listener,
            LongSupplier nanos) {
        this.system = system;
        this.nanos = nanos;
        this.settings = settings;
        this.root = settings.root();
        this.check = new FolderReadiness(root);
        this.service = service;
        this.delivery = new RetryingDelivery(system, service, IngestSource.FILE, listener);
        this.reader = new SampleFileReader(settings.limits(), settings.resizing(), service::imageShape);
        this.listener = listener;
        this.work = system.dispatchers().lookup(DispatcherSelector.fromConfig("reverie.ingest-dispatcher"));
        RestartSettings backoff = RestartSettings.create(settings.settle(), settings.rescan(), 0.2)
                .withLogSettings(RestartSettings.createLogSettings(Attributes.logLevelOff()));
        this.ended = RestartSource.onFailuresWithBackoff(backoff, this::ingest)
                .via(closing.flow())
                .runWith(Sink.ignore(), system);
    }

    @Override
    public Readiness.Check check() {
        return stopping ? new Readiness.Check(NAME, false, "is stopped") : check.current();
    }

    @Override
    public CompletionStage<Done> stop(Duration grace) {
        stopping = true;
        scanning.shutdown();
        if (!running) {
            closing.shutdown();
        }
        Cancellable deadline = system.scheduler().scheduleOnce(grace, closing::shutdown, system.executionContext());
        return ended.handle((_, _) -> {
            deadline.cancel();
            delivery.close();
            return Done.getInstance();
        });
    }

    /** The message that starts a scan. */
    private enum Trigger {
        SCAN
    }

    private Source<List<FoundFile>, ?> ingest() {
        return Source.completionStage(service.deliveredFiles())
                .flatMapConcat(recorded -> stopping ? Source.empty() : ingest(recorded));
    }

    private Source<List<FoundFile>, NotUsed> ingest(FileKeys recorded) {
        Pair<BoundedSourceQueue<Trigger>, Source<Trigger, NotUsed>> triggers =
                Source.<Trigger>queue(1).preMaterialize(system);
        running = true;
        RetryingDelivery restarted = delivery.restarted();
        delivery = restarted;
        Set<Path> reported = new HashSet<>();
        // With move or delete, a delivered file that is still there is read again, to dispose of it.
        FileKeys known = settings.after() == After.LEAVE ? recorded : FileKeys.NONE;
        SeenFiles seen = new SeenFiles(recorded, known, settings.settle(), nanos);
        FileDisposition disposition = new FileDisposition(settings.after(), work, seen);
        ItemDelivery<FoundFile> items = new ItemDelivery<>(IngestSource.FILE, restarted, listener, disposition);
        FolderWatcher watcher =
                new FolderWatcher(root.getFileSystem(), () -> triggers.first().offer(Trigger.SCAN));
        return triggers.second()
                .merge(Source.tick(Duration.ZERO, settings.rescan(), Trigger.SCAN))
                .conflate((first, _) -> first)
                .throttle(1, settings.settle())
                .zipWithIndex()
                .flatMapConcat(trigger -> scan(trigger.second() == 0, reported, seen, watcher, triggers.first()))
                .via(scanning.flow()) // after the scans, so that a stop also ends the one in progress
                .mapAsync(READERS, file -> CompletableFuture.supplyAsync(() -> read(file, seen), work))
                .mapConcat(item -> item.stream().toList())
                .via(items.flow(settings.samples(), settings.window()))
                .watchTermination((none, end) -> {
                    end.whenComplete((_, failure) -> onEnd(watcher, Optional.ofNullable(failure)));
                    return none;
                });
    }

    private Optional<DecodeResult<FoundFile>> read(FoundFile file, SeenFiles seen) {
        try (IngestListener.DecodeTimer _ = listener.decoding(IngestSource.FILE)) {
            Optional<DecodeResult<FoundFile>> result = reader.read(file);
            if (result.isEmpty()) {
                seen.forget(file);
            }
            return result;
        } catch (IOException e) {
            if (seen.retry(file)) {
                LOG.warn(
                        "Cannot read the file {} ({}). Check its permissions and its drive; every further scan tries"
                                + " again.",
                        SafeExcerpt.line(file.name()),
                        SafeExcerpt.line(e));
            }
            return Optional.empty();
        } catch (RuntimeException | OutOfMemoryError e) { // must not keep the files behind this one from being read
            if (seen.retry(file)) {
                LOG.warn(
                        "Cannot read the file {}, because of the following error; every further scan tries again",
                        SafeExcerpt.line(file.name()),
                        e);
            }
            return Optional.empty();
        }
    }

    /** Returns a scan, and the pause after it unless it is the first one, which only finds files to be read later. */
    private Source<FoundFile, NotUsed> scan(
            boolean isFirst,
            Set<Path> reported,
            SeenFiles seen,
            FolderWatcher watcher,
            BoundedSourceQueue<Trigger> again) {
        ScanPause pause = new ScanPause(nanos);
        Source<FoundFile, NotUsed> files = Source.<FoundFile, FolderScan>unfoldResource(
                () -> new FolderScan(root, settings.followLinks(), watcher::watch, reported),
                scan -> pause.timed(() -> next(scan, seen, again)),
                FolderScan::close);
        return isFirst ? files : pause.after(files);
    }

    /**
     * Returns the next file that is complete and not yet ingested; none if the service is stopping. After the last
     * file, triggers another scan if any files may be incomplete.
     */
    private Optional<FoundFile> next(FolderScan scan, SeenFiles seen, BoundedSourceQueue<Trigger> again)
            throws IOException {
        Optional<FoundFile> file = scan.next();
        while (file.isPresent() && !stopping && !seen.take(file.get())) {
            file = scan.next();
        }
        if (stopping) { // a scan that finds no new files would not notice the switch before its end
            return Optional.empty();
        }
        if (file.isEmpty()) {
            check.pass();
            listener.passedOver(scan.passedOver(), scan.namesPassedOver());
            // With move or delete, an empty folder is no sign of a drive that is away.
            Set<Path> emptyFolders = settings.after() == After.LEAVE ? scan.emptyFolders() : Set.of();
            FileKeys gone = seen.endScan(scan.isComplete(), emptyFolders);
            if (gone.size() > 0) {
                service.removeDeliveredFiles(gone);
            }
            if (seen.needsScan()) {
                again.offer(Trigger.SCAN);
            }
        }
        return file;
    }

    private void onEnd(FolderWatcher watcher, Optional<Throwable> failure) {
        watcher.close();
        listener.passedOver(0, List.of());
        running = false;
        failure.map(Asks::causeOf).ifPresent(check::fail);
        if (stopping) {
            closing.shutdown();
        }
    }
}
