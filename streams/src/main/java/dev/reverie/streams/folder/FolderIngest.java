package dev.reverie.streams.folder;

import dev.reverie.actors.Asks;
import dev.reverie.actors.intake.IngestSource;
import dev.reverie.streams.ingest.ItemDelivery;
import dev.reverie.streams.ingest.RetryingDelivery;
import dev.reverie.streams.ingest.SourceItem;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
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
 * Takes in the files of a folder: those that lie there, and those that come.
 *
 * <pre>
 *   ROOT/LABEL/NAME.png (.jpg, .jpeg)    a picture of the class LABEL
 *   ROOT/NAME.npz                        a batch as over HTTP, its labels are in it
 *
 *   a change, or a while --> look --> complete? --> decode --> group --> admit, or refuse --> leave, move or delete
 *                              ^----- again soon, if there are files that were seen once ----'
 * </pre>
 *
 * <p>A file is taken when two looks in a row found it the same, so it may be written in place; names that begin with a
 * dot, other endings and deeper folders are passed over. A sample is known by its file's path and content: a folder
 * that is read again after a restart counts nothing twice, and a file that was written to is new. The path is that
 * below the root, whatever the root is called. Links are refused, and nothing outside of the root is read or written.
 *
 * <p>If the service defers, looking waits. What is remembered is eight bytes for each file that lies there.
 */
public final class FolderIngest {

    static final String NAME = "folder";

    private static final Logger LOG = LoggerFactory.getLogger(FolderIngest.class);

    private static final int READERS = 2;

    private final ActorSystem<?> system;
    private final FolderSettings settings;
    private final Path root;
    private final SampleFileReader reader;
    private final IngestListener listener;
    private final Executor work;
    private final SharedKillSwitch looking = KillSwitches.shared("folder-looks");
    private final SharedKillSwitch closing = KillSwitches.shared("folder-door");
    private final CompletionStage<Done> ended;
    private volatile Readiness.Check check = new Readiness.Check(NAME, false, "was not looked through yet");
    private volatile RetryingDelivery admission;
    private volatile boolean running;
    private volatile boolean stopping;

    private FolderIngest(
            ActorSystem<?> system, FolderSettings settings, Path root, MemoryService service, IngestListener listener) {
        this.system = system;
        this.settings = settings;
        this.root = root;
        this.admission = new RetryingDelivery(system, service, IngestSource.FILE, listener);
        this.reader = new SampleFileReader(settings.limits());
        this.listener = listener;
        this.work = system.dispatchers().lookup(DispatcherSelector.fromConfig("reverie.door-work-dispatcher"));
        RestartSettings pauses = RestartSettings.create(settings.settle(), settings.rescan(), 0.2)
                .withLogSettings(RestartSettings.createLogSettings(Attributes.logLevelOff()));
        this.ended = RestartSource.onFailuresWithBackoff(pauses, this::taking)
                .via(closing.flow())
                .runWith(Sink.ignore(), system);
    }

    /**
     * Begins to look.
     *
     * @param listener is told of every file that is refused, and of every time that the service defers
     * @throws IllegalArgumentException if there is no such folder
     */
    public static FolderIngest open(
            ActorSystem<?> system, FolderSettings settings, MemoryService service, IngestListener listener) {
        try {
            Path root = settings.root().toRealPath();
            if (Files.isDirectory(root)) {
                return new FolderIngest(system, settings, root, service, listener);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("the folder " + settings.root() + " cannot be watched: create it", e);
        }
        throw new IllegalArgumentException(settings.root() + " cannot be watched: it is no folder");
    }

    /** Whether the folder can be looked through. */
    public Readiness.Check check() {
        return stopping ? new Readiness.Check(NAME, false, "is closed") : check;
    }

    /**
     * Looks no more, and ends when what was found is settled, or {@code grace} is over. What is not settled then is
     * found again when the door is next opened.
     */
    public CompletionStage<Done> stop(Duration grace) {
        stopping = true;
        looking.shutdown();
        if (!running) {
            closing.shutdown();
        }
        Cancellable deadline = system.scheduler().scheduleOnce(grace, closing::shutdown, system.executionContext());
        return ended.handle((_, _) -> {
            deadline.cancel();
            admission.close();
            return Done.getInstance();
        });
    }

    /** A reason to look. */
    private enum Reason {
        LOOK
    }

    private Source<List<FoundFile>, ?> taking() {
        if (stopping) {
            return Source.empty();
        }
        Pair<BoundedSourceQueue<Reason>, Source<Reason, NotUsed>> told =
                Source.<Reason>queue(1).preMaterialize(system);
        running = true;
        RetryingDelivery patient = admission.successor();
        admission = patient;
        ItemDelivery<FoundFile> settlement =
                new ItemDelivery<>(IngestSource.FILE, patient, listener, new FileDisposition(settings.after(), work));
        SeenFiles ledger = new SeenFiles();
        FolderWatcher watch =
                new FolderWatcher(root.getFileSystem(), () -> told.first().offer(Reason.LOOK));
        return told.second()
                .merge(Source.tick(Duration.ZERO, settings.rescan(), Reason.LOOK))
                .conflate((first, _) -> first)
                .throttle(1, settings.settle())
                .via(looking.flow())
                .flatMapConcat(_ -> look(ledger, watch, told.first()))
                .mapAsync(READERS, file -> CompletableFuture.supplyAsync(() -> read(file), work))
                .mapConcat(parcel -> parcel.stream().toList())
                .via(settlement.flow(settings.samples(), settings.window()))
                .watchTermination(
                        (_, end) -> end.whenComplete((_, failure) -> over(watch, Optional.ofNullable(failure))));
    }

    private Optional<SourceItem<FoundFile>> read(FoundFile file) {
        try (IngestListener.Work _ = listener.decoding(IngestSource.FILE)) {
            return reader.read(file);
        }
    }

    private Source<FoundFile, NotUsed> look(SeenFiles ledger, FolderWatcher watch, BoundedSourceQueue<Reason> again) {
        return Source.unfoldResource(
                () -> new FolderScan(root, watch::follow), look -> next(look, ledger, again), FolderScan::close);
    }

    /** The next file that is complete and was not taken yet; after the last one there may be a reason to look again. */
    private Optional<FoundFile> next(FolderScan look, SeenFiles ledger, BoundedSourceQueue<Reason> again)
            throws IOException {
        Optional<FoundFile> file = look.next();
        while (file.isPresent() && !ledger.takes(file.get())) {
            file = look.next();
        }
        if (file.isEmpty()) {
            check = new Readiness.Check(NAME, true, "is watched");
            if (ledger.endLook()) {
                again.offer(Reason.LOOK);
            }
        }
        return file;
    }

    private void over(FolderWatcher watch, Optional<Throwable> failure) {
        watch.close();
        running = false;
        failure.ifPresent(cause -> {
            check = new Readiness.Check(
                    NAME, false, root + " cannot be looked through (" + Asks.causeOf(cause) + "): it is tried again");
            LOG.warn(check.detail());
        });
        if (stopping) {
            closing.shutdown();
        }
    }
}
