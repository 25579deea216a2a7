package dev.reverie.deploy.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** What one benchmark's command is made of. */
abstract class BenchTask implements Callable<Integer> {

    @Mixin
    final BenchOptions bench = new BenchOptions();

    final CliContext context;

    BenchTask(CliContext context) {
        this.context = context;
    }
}
