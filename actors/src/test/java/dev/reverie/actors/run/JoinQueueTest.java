package dev.reverie.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.run.RunCommand.AddClass;
import dev.reverie.actors.run.RunCommand.AddClassReply;
import dev.reverie.actors.run.RunCommand.ClassAdded;
import dev.reverie.actors.run.RunCommand.ClassRefused;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.method.Method;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The classes that are to join a run")
class JoinQueueTest {

    private final TestInbox<AddClassReply> replies = TestInbox.create();
    private final TestInbox<ClassActor.Command> owner = TestInbox.create();
    private final List<ClassClient> classes = List.of(new ClassClient(0, "here", 4, owner.getRef()));
    private final JoinQueue queue = new JoinQueue(new RunPlan(
            Samples.settings(Method.DREAM),
            new Normalisation(List.of(0.5), List.of(0.25)),
            1,
            List.of(new ClassImages("here", Samples.images(4, 0))),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));

    @Test
    @DisplayName("join in the order of their requests")
    void joinInOrder() {
        AddClass first = request("first");
        AddClass second = request("second");
        queue.add(first, classes);
        queue.add(second, classes);

        assertThat(queue.next()).hasValue(first);
        queue.accept(1);
        assertThat(queue.next()).hasValue(second);
        queue.accept(2);
        assertThat(queue.next()).isEmpty();
        assertThat(replies.getAllReceived()).containsExactly(new ClassAdded(1), new ClassAdded(2));
    }

    @Test
    @DisplayName("are refused if a class of the run, of the queue or in initialisation has their name")
    void needANewName() {
        queue.add(request("here"), classes);
        queue.add(request("new"), classes);
        queue.add(request("new"), classes);
        queue.next();
        queue.add(request("new"), classes);

        assertThat(replies.getAllReceived()).hasSize(3).allSatisfy(reply -> assertThat(reply)
                .isInstanceOfSatisfying(ClassRefused.class, refused -> assertThat(refused.reason())
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageEndingWith("already exists; choose another name")));
    }

    @Test
    @DisplayName("are all answered when the run ends, and so are later ones")
    void areAnsweredAtTheEnd() {
        queue.add(request("joining"), classes);
        queue.add(request("waiting"), classes);
        queue.next();

        queue.close();
        queue.add(request("late"), classes);

        assertThat(replies.getAllReceived()).hasSize(3).allSatisfy(reply -> assertThat(reply)
                .isInstanceOfSatisfying(ClassRefused.class, refused -> assertThat(refused.reason())
                        .isInstanceOf(DistillationException.class)));
    }

    private AddClass request(String name) {
        return new AddClass(name, Samples.images(4, 1), replies.getRef());
    }
}
