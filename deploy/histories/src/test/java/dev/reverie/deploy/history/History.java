package dev.reverie.deploy.history;

import java.util.List;

/**
 * What clients saw of one store during the lives of one or several service processes.
 *
 * @param operations in any order
 * @param deaths times at which a service process had ended and the next one had not started, in ns of the clients'
 *     clock, ascending; a request sent before a death takes no effect after it
 */
public record History(List<Operation> operations, List<Long> deaths) {
    public History {
        operations = List.copyOf(operations);
        deaths = List.copyOf(deaths);
    }
}
