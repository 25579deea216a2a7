package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.SampleFingerprint;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.intake.SealChange;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.store.Store;
import dev.reverie.streams.service.ServiceException;
import dev.reverie.streams.service.ServiceException.StoreDamagedException;
import dev.reverie.streams.service.ServiceException.StoreFullException;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Lists, finds, names, seals, merges and forgets the classes of a service, and withdraws their samples. Says that a
 * class does not exist only if that is durable. Thread safe.
 */
record ClassRequests(ServiceActorRefs actors, MemoryCache memory, Store store) {

    /**
     * Returns the state of the intake, which the next memory will not contradict; fails with an
     * {@link UnavailableException} while the store is being read.
     */
    CompletionStage<IntakeActor.Overview> overview() {
        return actors.currentOverview().thenApply(this::shown);
    }

    private IntakeActor.Overview shown(IntakeActor.Overview overview) {
        memory.shown(overview.classes());
        return overview;
    }

    CompletionStage<List<ClassInfo>> all() {
        return overview().thenApply(IntakeActor.Overview::infos);
    }

    CompletionStage<Optional<ClassInfo>> named(String label) {
        return actors.completeOverview()
                .thenApply(this::shown)
                .thenCompose(overview ->
                        in(overview, label, found -> actors.current(found).thenApply(OpenClass::info)));
    }

    /** Asks the class with this label, if it exists; fails while that is unknown. */
    private static <R> CompletionStage<Optional<R>> in(
            IntakeActor.Overview overview, String label, Function<OpenClass, CompletionStage<R>> request) {
        Optional<OpenClass> found = overview.classes().stream()
                .filter(known -> known.info().label().equals(label))
                .findFirst();
        if (found.isPresent()) {
            return request.apply(found.get()).thenApply(Optional::of);
        }
        return overview.store().failing().contains(label)
                ? CompletableFuture.failedStage(unreadable(label))
                : CompletableFuture.completedStage(Optional.empty());
    }

    CompletionStage<Optional<ClassCommand.Withdrawal>> withdraw(String label, String id) {
        return requireWritable().thenCompose(overview -> in(overview, label, found -> withdraw(found, id)));
    }

    private CompletionStage<ClassCommand.Withdrawal> withdraw(OpenClass from, String id) {
        String label = from.info().label();
        if (from.info().damaged()) {
            return CompletableFuture.failedStage(StoreDamagedException.ofClass(label));
        }
        return Asks.<ClassMessage, ClassCommand.Withdrawn>askRepeatedly(
                        from.actor(),
                        replyTo -> new ClassCommand.Withdraw(SampleFingerprint.hashOfId(id), replyTo),
                        actors.scheduler())
                .handle((answer, _) -> {
                    memory.invalidate();
                    return Optional.ofNullable(answer)
                            .map(ClassCommand.Withdrawn::result)
                            .orElseThrow(() -> unreadable(label));
                });
    }

    /** Delivers the real images of a class to another one, and then seals the class. */
    CompletionStage<Optional<DeliveryOutcome>> moveImages(
            String label, String into, Function<Delivery, CompletionStage<DeliveryOutcome>> admit) {
        return requireWritable()
                .thenCompose(overview -> in(
                        overview,
                        label,
                        from -> from.info().damaged()
                                ? CompletableFuture.failedStage(StoreDamagedException.ofClass(label))
                                : new ClassMerge(actors, admit, from, into)
                                        .run()
                                        .handle((outcome, failure) -> {
                                            memory.invalidate();
                                            if (failure != null
                                                    && Asks.causeOf(failure) instanceof ServiceException known) {
                                                throw known;
                                            }
                                            return Optional.ofNullable(outcome).orElseThrow(() -> unreadable(label));
                                        })));
    }

    CompletionStage<Optional<ClassInfo>> seal(String label, SealChange change) {
        return requireWritable()
                .thenCompose(_ -> Asks.<IntakeActor.Command, IntakeActor.Sealed>ask(
                        actors.intake(), replyTo -> new IntakeActor.Seal(label, change, replyTo), actors.scheduler()))
                .thenCompose(answer -> {
                    memory.invalidate();
                    if (answer.info().filter(ClassInfo::damaged).isPresent()) {
                        return CompletableFuture.failedStage(StoreDamagedException.ofClass(label));
                    }
                    return answer.info().filter(info -> !change.isDoneTo(info)).isEmpty()
                            ? CompletableFuture.completedStage(answer.info())
                            : CompletableFuture.failedStage(unreadable(label));
                });
    }

    CompletionStage<Optional<ClassInfo>> rename(String label, Optional<String> displayName) {
        return requireWritable().thenCompose(overview -> in(overview, label, found -> rename(found, displayName)));
    }

    private CompletionStage<ClassInfo> rename(OpenClass found, Optional<String> displayName) {
        return Asks.<IntakeActor.Command, IntakeActor.Renamed>ask(
                        actors.intake(),
                        replyTo -> new IntakeActor.Rename(found.info().index(), displayName, replyTo),
                        actors.scheduler())
                .thenCompose(answer -> answer.done()
                        ? actors.current(found).thenApply(OpenClass::info)
                        : CompletableFuture.failedStage(unreadable(found.info().label())));
    }

    CompletionStage<Boolean> forget(String label) {
        return requireWritable()
                .thenCompose(_ -> Asks.<IntakeActor.Command, IntakeActor.Forgotten>ask(
                        actors.intake(), replyTo -> new IntakeActor.Forget(label, replyTo), actors.scheduler()))
                .thenApply(answer -> {
                    memory.invalidate();
                    return answer.existed();
                });
    }

    /**
     * Fails at once while the store is read-only, since the class could not store the change, or while the store is
     * being read.
     */
    private CompletionStage<IntakeActor.Overview> requireWritable() {
        return store.isReadOnly() ? CompletableFuture.failedStage(new StoreFullException()) : actors.completeOverview();
    }

    private static UnavailableException unreadable(String label) {
        return new UnavailableException("the class '" + label + "' cannot be read or written in the store now: try"
                + " again later, and if this recurs, restore the store from a backup or forget the class");
    }
}
