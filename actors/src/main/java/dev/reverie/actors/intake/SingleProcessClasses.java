package dev.reverie.actors.intake;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.registry.Registrar;
import dev.reverie.actors.registry.RegistryCheck;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.Patterns;

/** The registry and the classes of a service that is a single process: children of the intake. */
final class SingleProcessClasses implements ClassDirectory {

    private final IntakeSettings settings;
    private final ClassFactory factory;
    private final Map<Integer, ActorRef<ClassMessage>> actors = new ConcurrentHashMap<>();
    private Optional<ClassCapacity> capacity = Optional.empty();

    SingleProcessClasses(IntakeSettings settings) {
        this.settings = settings;
        this.factory = new ClassFactory(settings);
    }

    @Override
    public boolean livesHere(int classIndex) {
        return true;
    }

    @Override
    public void onDeparture(IntConsumer listener) {
        // A class stays until it is forgotten.
    }

    @Override
    public Optional<String> node() {
        return Optional.empty();
    }

    @Override
    public ActorRef<ClassRegistryActor.Append> registry(
            ActorContext<?> context, ActorRef<ClassRegistryActor.Report> reports) {
        ActorSystem<?> system = context.getSystem();
        Behavior<Registrar.Command> registrar = Registrar.create(
                settings.retention(), settings.damage(), settings.clock(), new ThisProcess(system, actors, reports));
        return context.spawn(
                Behaviors.transformMessages(
                        ClassRegistryActor.Append.class,
                        registrar,
                        messages -> messages.match(
                                ClassRegistryActor.Append.class,
                                change -> new Registrar.Append(change, system.ignoreRef()))),
                "registry");
    }

    /** This process as the only follower of the registry, which hears of every change and failure. */
    private record ThisProcess(
            ActorSystem<?> system,
            Map<Integer, ActorRef<ClassMessage>> actors,
            ActorRef<ClassRegistryActor.Report> reports)
            implements Registrar.Followers {

        private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

        @Override
        public <M> void publish(ActorContext<M> registrar, ClassRegistryState registry, Supplier<M> done) {
            reports.tell(new ClassRegistryActor.Updated(registry));
            registrar.getSelf().tell(done.get());
        }

        @Override
        public boolean tell(ClassRegistryActor.Failed failed) {
            reports.tell(failed);
            return true;
        }

        /**
         * Stops the class actor between two writes, since a write in progress could be committed after the rows of the
         * class are deleted, or at once if it has waited for the store for too long.
         */
        @Override
        public CompletionStage<Done> departure(int index) {
            return Optional.ofNullable(actors.remove(index))
                    .map(Adapter::toClassic)
                    .map(actor -> Patterns.gracefulStop(actor, STOP_TIMEOUT, new ClassCommand.Stop())
                            .exceptionallyCompose(late -> {
                                Adapter.toClassic(system).stop(actor);
                                return Patterns.gracefulStop(actor, STOP_TIMEOUT);
                            })
                            .<Done>handle((_, _) -> Done.getInstance()))
                    .orElse(CompletableFuture.completedStage(Done.getInstance()));
        }
    }

    @Override
    public ActorRef<ClassMessage> open(
            ActorContext<?> context, ClassRegistryState registry, int classIndex, ActorRef<ClassReport> reports) {
        ActorRef<ClassMessage> actor = context.spawn(
                factory.create(
                        registry,
                        classIndex,
                        new RegistryCheck(registry, settings.damage()).damageOf(classIndex),
                        reports),
                "class-" + classIndex);
        actors.put(classIndex, actor);
        return actor;
    }

    @Override
    public void onRegistry(ClassRegistryState registry) {
        if (registry.names().isEmpty()) {
            return;
        }
        ClassCapacity share = factory.capacity(registry);
        if (capacity.filter(share::equals).isEmpty()) {
            capacity = Optional.of(share);
            actors.values().forEach(actor -> actor.tell(new ClassCommand.ChangeCapacity(share)));
        }
    }
}
