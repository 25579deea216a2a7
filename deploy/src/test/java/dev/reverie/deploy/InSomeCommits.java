package dev.reverie.deploy;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** A long test that every second commit runs, on average. The others run those of the other {@link #position}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InSomeCommits.Condition.class)
public @interface InSomeCommits {

    int POSITIONS = 2;

    /** 0 or 1. */
    int position();

    /** Enables a test if the commit includes its position. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            int position = AnnotationSupport.findAnnotation(context.getRequiredTestClass(), InSomeCommits.class)
                    .orElseThrow()
                    .position();
            return CommitShare.includes(position, POSITIONS)
                    ? ConditionEvaluationResult.enabled("the commit includes this test")
                    : ConditionEvaluationResult.disabled("other commits run this test, and this one with "
                            + CommitShare.VARIABLE + "=" + CommitShare.ALL);
        }
    }
}
