package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.store.PostponedMessages;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * What a {@link DurableClassActor} does later: the commands that wait until the store accepts writes, in the order in
 * which they arrived, and the actor's reminders. A repeated {@link ClassActor.Initialise} takes the place of the
 * earlier one. The commands survive a store failure, after which {@link #onRecovered} starts the timers again. Not
 * thread safe.
 */
final class PostponedCommands {

    /** Learned images are saved at least this often while the class learns. */
    static final Duration SAVE_INTERVAL = Duration.ofSeconds(30);

    /** The same for a class that has converged, whose images hardly change. It is visited for as long as it exists. */
    static final Duration CONVERGED_SAVE_INTERVAL = Duration.ofMinutes(10);

    /** Pause before the actor looks again whether the disk has space. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final ActorRef<ClassMessage> self;
    private final TimerScheduler<ClassMessage> timers;
    private final PostponedMessages<ClassMessage> commands = new PostponedMessages<>(PostponedCommands::isRepeatable);

    /** Creates an instance without commands. */
    PostponedCommands(ActorRef<ClassMessage> self, TimerScheduler<ClassMessage> timers) {
        this.self = self;
        this.timers = timers;
    }

    /**
     * Whether a command is processed again after its write has failed. Samples are not, because the intake defers their
     * delivery and its sender sends it again. {@link #onRecovered} repeats reminders.
     */
    private static boolean isRepeatable(ClassMessage message) {
        return !(message instanceof ClassCommand.AddSamples || message instanceof ClassReminder);
    }

    /**
     * Postpones a message that has to wait, and returns whether it has to. Otherwise the actor processes it now.
     *
     * @param readOnly whether the store accepts no writes
     * @param unsaved whether the class has learned images that are not durable
     */
    boolean postpone(ClassMessage message, boolean readOnly, boolean unsaved) {
        commands.onProcessing(message);
        if (message instanceof ClassReminder reminder) {
            if (readOnly) {
                timers.startSingleTimer(reminder.getClass(), reminder, PAUSE);
            }
            return readOnly;
        }
        boolean writable = !readOnly && commands.isEmpty();
        if (writable || !isPostponable(message, unsaved)) {
            return false;
        }
        add(message);
        if (!timers.isTimerActive(ClassReminder.Resume.class)) {
            timers.startSingleTimer(ClassReminder.Resume.class, new ClassReminder.Resume(), PAUSE);
        }
        return true;
    }

    /** Adds a command. If only the last one of its kind counts, it replaces the one that waits. */
    private void add(ClassMessage message) {
        switch (message) {
            case ClassActor.Initialise _ -> commands.replace(ClassActor.Initialise.class::isInstance, message);
            case ClassCommand.ChangeQuota _ -> {
                commands.removeAll(ClassCommand.ChangeQuota.class::isInstance);
                commands.add(message);
            }
            default -> commands.add(message);
        }
    }

    /** Whether the message can wait until the store accepts writes again. Samples cannot, since their sender waits. */
    private boolean isPostponable(ClassMessage message, boolean unsaved) {
        return switch (message) {
            case ClassActor.Initialise _,
                    ClassCommand.ChangeCapacity _,
                    ClassCommand.ChangeQuota _,
                    ClassCommand.EnterPhase _,
                    ClassCommand.RequestSeal _,
                    ClassCommand.Seal _ -> true;
            case ClassCommand.Save _ -> unsaved || !commands.isEmpty();
            default -> false;
        };
    }

    /**
     * Removes the first command, which the actor processes now. The next one follows in {@link ClassReminder.Resume}.
     */
    Optional<ClassMessage> next() {
        Optional<ClassMessage> next = commands.next();
        resume();
        return next;
    }

    /** Continues with the first command, if there is one. */
    void resume() {
        if (!commands.isEmpty()) {
            self.tell(new ClassReminder.Resume());
        }
    }

    /** Reminds the actor to save learned images, unless it is to be reminded already. */
    void saveLater(ClassPhase phase) {
        if (!timers.isTimerActive(ClassReminder.SaveDue.class)) {
            timers.startSingleTimer(
                    ClassReminder.SaveDue.class,
                    new ClassReminder.SaveDue(),
                    phase == ClassPhase.CONVERGED ? CONVERGED_SAVE_INTERVAL : SAVE_INTERVAL);
        }
    }

    /** Reminds the actor after a pause to compact its journal, once, even if it is to be reminded already. */
    void compactLater() {
        timers.startSingleTimer(ClassReminder.Compact.class, new ClassReminder.Compact(), RealImageDeletion.PAUSE);
    }

    /** Reminds the actor at once. */
    void remind(ClassReminder reminder) {
        self.tell(reminder);
    }

    /** Forgets that a save is due. */
    void onSave() {
        timers.cancel(ClassReminder.SaveDue.class);
    }

    /** Postpones the current command, whose write has failed. */
    void onFailure() {
        commands.onFailure();
    }

    /**
     * Continues after a store failure, which has ended all timers. In any phase, a class whose learning is not saved
     * saves it soon, because the write that failed may have been due for long.
     */
    void onRecovered(boolean unsaved) {
        if (unsaved) {
            saveLater(ClassPhase.DISTILLING);
        }
        resume();
    }
}
