package dev.reverie.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassRef;
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

@DisplayName("Classes that want to take part")
class JoinQueueTest {

    private final TestInbox<AddClassReply> caller = TestInbox.create();
    private final TestInbox<ClassActor.Command> owner = TestInbox.create();
    private final List<ClassRef> members = List.of(new ClassRef(0, "here", 4, owner.getRef()));
    private final JoinQueue applicants = new JoinQueue(new RunPlan(
            Samples.settings(Method.DREAM),
            new Normalisation(List.of(0.5), List.of(0.25)),
            1,
            List.of(new ClassImages("here", Samples.images(4, 0))),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));

    @Test
    @DisplayName("come in the order in which they asked")
    void comeInOrder() {
        // given
        AddClass first = request("first");
        AddClass second = request("second");
        applicants.add(first, members);
        applicants.add(second, members);

        // then
        assertThat(applicants.next()).hasValue(first);
        applicants.answer(new ClassAdded(1));
        assertThat(applicants.next()).hasValue(second);
        assertThat(applicants.next()).isEmpty();
        assertThat(caller.getAllReceived()).containsExactly(new ClassAdded(1));
    }

    @Test
    @DisplayName("are refused if their name is taken: by a member, by one that waits, by one that is examined")
    void needAName() {
        // given
        applicants.add(request("here"), members);
        applicants.add(request("new"), members);
        applicants.add(request("new"), members);
        applicants.next();
        applicants.add(request("new"), members);

        // then
        assertThat(caller.getAllReceived()).hasSize(3).allSatisfy(reply -> assertThat(reply)
                .isInstanceOfSatisfying(ClassRefused.class, refused -> assertThat(refused.reason())
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageEndingWith("takes part already: choose another name")));
    }

    @Test
    @DisplayName("are all answered when the run ends, also those that come later")
    void areAnsweredAtTheEnd() {
        // given
        applicants.add(request("examined"), members);
        applicants.add(request("waiting"), members);
        applicants.next();

        // when
        applicants.close();
        applicants.add(request("late"), members);

        // then
        assertThat(caller.getAllReceived()).hasSize(3).allSatisfy(reply -> assertThat(reply)
                .isInstanceOfSatisfying(ClassRefused.class, refused -> assertThat(refused.reason())
                        .isInstanceOf(DistillationException.class)));
    }

    private AddClass request(String name) {
        return new AddClass(name, Samples.images(4, 1), caller.getRef());
    }
}
