package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * What a {@link DurableClassActor} does later: the commands that wait until the store accepts writes, of each kind only
 * the last one, because whoever sent an earlier one asks with a timeout; and the actor's reminders. The commands
 * survive a store failure, after which {@link #onRecovered} starts the timers again. Not thread safe.
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
    /** By their type, in the order in which the first of each type arrived. */
    private final SequencedMap<Class<?>, ClassMessage> commands = new LinkedHashMap<>();

    /** The last command that can be postponed, if no other message has followed. */
    private Optional<ClassMessage> current = Optional.empty();

    PostponedCommands(ActorRef<ClassMessage> self, TimerScheduler<ClassMessage> timers) {
        this.self = self;
        this.timers = timers;
    }

    /**
     * Postpones a message that has to wait, and returns whether it has to. Otherwise the actor processes it now.
     *
     * @param readOnly whether the store accepts no writes
     */
    boolean postpone(ClassMessage message, boolean readOnly) {
        current = Optional.of(message).filter(PostponedCommands::isPostponable);
        if (message instanceof ClassReminder reminder) {
            if (readOnly) {
                timers.startSingleTimer(reminder, PAUSE);
            }
            return readOnly;
        }
        boolean writable = !readOnly && commands.isEmpty();
        if (writable || !isPostponable(message)) {
            return false;
        }
        commands.put(message.getClass(), message);
        if (!timers.isTimerActive(ClassReminder.RESUME)) {
            timers.startSingleTimer(ClassReminder.RESUME, PAUSE);
        }
        return true;
    }

    /** Whether the message can wait until the store accepts writes again. Samples cannot, since their sender waits. */
    private static boolean isPostponable(ClassMessage message) {
        return switch (message) {
            case ClassActor.Initialise _,
                    ClassCommand.ChangeCapacity _,
                    ClassCommand.ChangeQuota _,
                    ClassCommand.EnterPhase _,
                    ClassCommand.RequestSeal _,
                    ClassCommand.Seal _ -> true;
            default -> false;
        };
    }

    /** Sends the commands to the actor again. */
    void resume() {
        List<ClassMessage> due = List.copyOf(commands.values());
        commands.clear();
        due.forEach(self::tell);
    }

    /** Reminds the actor to save learned images, unless it is to be reminded already. */
    void saveLater(ClassPhase phase) {
        if (!timers.isTimerActive(ClassReminder.SAVE_DUE)) {
            timers.startSingleTimer(
                    ClassReminder.SAVE_DUE, phase == ClassPhase.CONVERGED ? CONVERGED_SAVE_INTERVAL : SAVE_INTERVAL);
        }
    }

    /** Reminds the actor after a pause to compact its journal, once, even if it is to be reminded already. */
    void compactLater() {
        timers.startSingleTimer(ClassReminder.COMPACT, JournalCompaction.PAUSE);
    }

    /** Forgets that a save is due. */
    void onSave() {
        timers.cancel(ClassReminder.SAVE_DUE);
    }

    /** Postpones the current command, whose write has failed, unless a later one of its kind waits. */
    void onFailure() {
        current.filter(failed -> !commands.containsKey(failed.getClass()))
                .ifPresent(failed -> commands.putFirst(failed.getClass(), failed));
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
