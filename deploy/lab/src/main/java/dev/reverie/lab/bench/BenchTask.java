package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that runs one benchmark. */
abstract class BenchTask implements Callable<Integer> {

    @Mixin
    final BenchOptions bench = new BenchOptions();

    final CliContext context;

    BenchTask(CliContext context) {
        this.context = context;
    }
}
