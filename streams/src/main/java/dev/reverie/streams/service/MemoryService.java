package dev.reverie.streams.service;

import dev.reverie.actors.deduplication.FileKeys;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.SealChange;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.gpu.coded.CodedImages;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.service.ServiceException.StoreDamagedException;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** The interface that a running service offers to its ingest sources and its API. Thread safe. */
public interface MemoryService {

    /** Stores a delivery. Completes when the delivery is durable, refused or deferred. */
    CompletionStage<DeliveryOutcome> admit(Delivery delivery);

    /**
     * Returns the files that were delivered and not {@linkplain #removeDeliveredFiles removed}. Completes when the
     * store has been read. Samples of these files are duplicates, however many samples the service has accepted since.
     */
    CompletionStage<FileKeys> deliveredFiles();

    /** Removes files that their ingest source no longer has, because they will not be delivered again. */
    void removeDeliveredFiles(FileKeys keys);

    /**
     * Returns the shape of the images that the service stores; empty while it has no class, or is reading its store.
     * Blocks for up to two seconds, after which the shape counts as unknown.
     */
    Optional<ImageShape> imageShape();

    /** Returns the status of all classes, in the order of first arrival. */
    CompletionStage<List<ClassInfo>> classes();

    /**
     * Returns the status of the class with this label, if the class exists; fails with an {@link UnavailableException}
     * while that is unknown.
     */
    CompletionStage<Optional<ClassInfo>> classNamed(String label);

    /** Returns the names that people read in place of labels, by index, of the classes that have one. */
    CompletionStage<SortedMap<Integer, String>> displayNames();

    /**
     * Returns the size of the picture of a class in bytes, as it was last handed out or recorded; empty before the
     * first time.
     */
    OptionalLong codedBytes(int classIndex);

    /** Returns the current memory; empty until a class has synthetic images. */
    CompletionStage<Optional<MemoryView>> memory();

    /**
     * Seals a class, or changes whether it is to be sealed. A sealed class accepts no more images, drops its real
     * images and keeps its synthetic ones. Completes when the change is durable.
     *
     * @return the status of the class after the change; empty if no class has this label; fails with an
     *     {@link UnavailableException} if the class cannot be read or written in the store, and with a
     *     {@link StoreDamagedException} if it is damaged
     */
    CompletionStage<Optional<ClassInfo>> seal(String label, SealChange change);

    /**
     * Gives a class a name for people to read, or lets them read its label again. Completes when the change is durable.
     *
     * @return the status of the class; empty if no class has this label; fails with an {@link UnavailableException} if
     *     the list of classes cannot be written in the store
     */
    CompletionStage<Optional<ClassInfo>> rename(String label, Optional<String> displayName);

    /**
     * Withdraws a sample: removes it from the real images of its class permanently. What the class has learned from it
     * stays. Completes when the change is durable.
     *
     * @return empty if no class has this label; fails as {@link #seal} does
     */
    CompletionStage<Optional<ClassCommand.Withdrawal>> withdraw(String label, String id);

    /**
     * Delivers the real images of a class to another one with their ids, as samples that count once each, and then
     * seals the class. The class is as before if an image is not accepted, and the call can be repeated.
     *
     * @param into label of the other class, which must exist
     * @return empty if no class has the first label; fails as {@link #seal} does
     */
    CompletionStage<Optional<DeliveryOutcome>> moveImages(String label, String into);

    /**
     * Forgets a class: deletes everything about it, including its data in the store. Completes when the deletion is
     * durable.
     *
     * @return whether the class existed
     */
    CompletionStage<Boolean> forget(String label);

    /**
     * Begins a backup of everything that is durable now. The service continues meanwhile. The caller must close the
     * backup.
     *
     * @return fails with an {@link UnavailableException} if another backup has not been closed
     */
    CompletionStage<ServiceBackup> backup();

    /** Completes when the service responds: immediately, even while it is reading its store or waiting for it. */
    CompletionStage<Done> ping();

    /**
     * Returns the totals of the service. Completes immediately, even while the service waits for its store; fails with
     * an {@link UnavailableException} while the service is reading its store, because the totals are not known yet.
     */
    CompletionStage<ServiceStatus> status();

    /** Returns the cluster that this process is a node of; empty if it is a service by itself. */
    default Optional<ClusterView> cluster() {
        return Optional.empty();
    }

    /** Checks whether the service accepts deliveries and serves the memory. */
    CompletionStage<Readiness> readiness();

    /**
     * Returns the events after the given number that are still stored, and then all new events. Without a number,
     * returns only new events. A slow reader misses the oldest of the events that it has not read yet, and never delays
     * the service.
     */
    Source<ServiceEvent, NotUsed> events(Optional<Long> after);

    /**
     * A backup that a service has begun. It holds what was durable at that moment, and resources until it is closed.
     */
    interface ServiceBackup extends AutoCloseable {

        /** Returns the bytes of the backup, read from the store as they are asked for. Can be run once. */
        Source<ByteString, NotUsed> content();

        /** Ends the backup, even if its bytes are still being read. Further calls have no effect. */
        @Override
        void close();
    }

    /**
     * The memory at one point in time. Its sets can decode an image each time that it is read.
     *
     * @param version hash of the learned images and how they are stored, so equal memories have equal versions, even
     *     after a restart; consists of letters, digits, '.' and '-', because it is part of an entity tag
     * @param set the memory in bytes, as it is handed out and evaluated: what its pictures decode to
     * @param learned the memory in floats, as it is learned
     * @param coded returns the picture of the class with an index, which has images; codes them if nobody has read them
     * @param imagesByClass positions of the images of each class in both sets, by its name, in the order of the sets
     * @param changed time at which this process first saw the memory with this version
     */
    record MemoryView(
            String version,
            DistilledSet set,
            DistilledSet learned,
            IntFunction<CodedImages> coded,
            Map<String, List<Integer>> imagesByClass,
            Instant changed) {

        public MemoryView(
                String version,
                DistilledSet set,
                DistilledSet learned,
                IntFunction<CodedImages> coded,
                Instant changed) {
            this(version, set, learned, coded, byClass(set), changed);
        }

        private static Map<String, List<Integer>> byClass(DistilledSet set) {
            Map<String, List<Integer>> images = new LinkedHashMap<>();
            for (int i = 0; i < set.labels().size(); i++) {
                String name = set.classes().nameOf(set.labels().get(i));
                images.computeIfAbsent(name, _ -> new ArrayList<>()).add(i);
            }
            return Collections.unmodifiableMap(images);
        }

        public DistilledSet as(Dtype dtype) {
            return dtype == Dtype.UINT8 ? set : learned;
        }
    }
}
