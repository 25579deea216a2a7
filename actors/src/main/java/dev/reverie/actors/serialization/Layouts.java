package dev.reverie.actors.serialization;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/**
 * How the values of types are written. A record is its components, one after the other, without names. So if a record
 * gets, loses or moves a component, each format of a value that contains the record needs a new version. Other types
 * have a layout only if it is known here or given. Immutable and thread safe.
 */
public final class Layouts {

    /** The layouts of the types that any format may contain. An actor cannot be written with them. */
    public static final Layouts BASIC = new Layouts(Map.of())
            .with(boolean.class, Output::writeBoolean, Input::readBoolean)
            .with(int.class, (output, value) -> output.writeVarInt(value, true), input -> input.readVarInt(true))
            .with(long.class, (output, value) -> output.writeVarLong(value, true), input -> input.readVarLong(true))
            .with(double.class, Output::writeDouble, Input::readDouble)
            .with(byte[].class, FieldFormats::writeBytes, FieldFormats::readBytes)
            .with(float[].class, FieldFormats::writeFloats, FieldFormats::readFloats)
            .with(String.class, FieldFormats::writeText, FieldFormats::readText)
            .with(OptionalDouble.class, FieldFormats::writeDouble, FieldFormats::readDouble)
            .with(Instant.class, FieldFormats::writeInstant, FieldFormats::readInstant)
            .with(Image.class, FieldFormats::writeImage, FieldFormats::readImage)
            .with(ImageBatch.class, FieldFormats::writeBatch, FieldFormats::readBatch);

    private final Map<Class<?>, Layout> given;
    /** The layouts of records and collections that have been in use, so that each is derived once. */
    private final Map<Type, Layout> derived = new ConcurrentHashMap<>();

    private Layouts(Map<Class<?>, Layout> given) {
        this.given = Map.copyOf(given);
    }

    private record Layout(BiConsumer<Output, Object> writer, Function<Input, ?> reader) {}

    /** Returns these layouts and that of one more type, or another one of a type that has one. */
    public <T> Layouts with(Class<T> type, BiConsumer<Output, T> writer, Function<Input, T> reader) {
        Class<T> boxed = boxed(type);
        return with(boxed, new Layout((output, value) -> writer.accept(output, boxed.cast(value)), reader));
    }

    private Layouts with(Class<?> type, Layout layout) {
        Map<Class<?>, Layout> more = new HashMap<>(given);
        more.put(type, layout);
        return new Layouts(more);
    }

    /**
     * Returns these layouts and that of a sealed type: the position of the variant in a list, and the variant.
     *
     * @param variants all variants, which are records; one that is added must be the last
     */
    public <T> Layouts withVariants(Class<T> type, List<Class<? extends T>> variants) {
        return with(
                type,
                (output, value) -> {
                    int position = variants.indexOf(value.getClass());
                    output.writeByte(position);
                    layoutOf(variants.get(position)).writer().accept(output, value);
                },
                input -> read(input, variants.get(input.readByte())));
    }

    /** Returns these layouts and that of actors: addresses that every node can resolve. */
    Layouts withActors(ExtendedActorSystem system) {
        ActorRefResolver resolver = ActorRefResolver.get(Adapter.toTyped(system));
        return with(
                ActorRef.class,
                new Layout(
                        (output, actor) ->
                                FieldFormats.writeText(output, resolver.toSerializationFormat((ActorRef<?>) actor)),
                        input -> resolver.resolveActorRef(FieldFormats.readText(input))));
    }

    /**
     * Returns layouts that read the values of a type as they were written when it had other components.
     *
     * @param earlier a record with those components
     */
    public <T, E> Layouts withEarlier(Class<T> type, Class<E> earlier, Function<E, T> toPresent) {
        return with(
                type,
                (_, _) -> {
                    throw new UnsupportedOperationException("earlier layouts are only read");
                },
                input -> toPresent.apply(read(input, earlier)));
    }

    /**
     * The format of a record.
     *
     * @param earlier the layouts of each earlier version, the oldest first
     */
    public <T> VersionedFormat<T> format(String name, Class<T> type, Layouts... earlier) {
        return new VersionedFormat<>(
                name,
                earlier.length + 1,
                type,
                (output, value) -> write(output, type, value),
                (input, version) -> (version <= earlier.length ? earlier[version - 1] : this).read(input, type));
    }

    public <T> void write(Output output, Class<T> type, T value) {
        layoutOf(type).writer().accept(output, value);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws RuntimeException if the bytes are not those of a value
     */
    public <T> T read(Input input, Class<T> type) {
        return boxed(type).cast(layoutOf(type).reader().apply(input));
    }

    @SuppressWarnings("unchecked") // Class<T> of a primitive type is the class of its values, boxed
    private static <T> Class<T> boxed(Class<T> type) {
        return (Class<T>) MethodType.methodType(type).wrap().returnType();
    }

    private Layout layoutOf(Type type) {
        Layout known = derived.get(type);
        if (known != null) {
            return known;
        }
        Layout layout =
                switch (type) {
                    case Class<?> plain -> layoutOf(plain);
                    case ParameterizedType generic ->
                        layoutOf((Class<?>) generic.getRawType(), generic.getActualTypeArguments());
                    default -> throw new IllegalArgumentException(type + " has no layout");
                };
        derived.put(type, layout);
        return layout;
    }

    private Layout layoutOf(Class<?> type) {
        Optional<Layout> known = Optional.ofNullable(given.get(boxed(type)));
        if (known.isPresent()) {
            return known.get();
        }
        if (type.isRecord()) {
            return ofRecord(type);
        }
        if (type.isEnum()) {
            return ofEnum(type);
        }
        throw new IllegalArgumentException(type + " has no layout: give it one in the FormatProvider");
    }

    private Layout layoutOf(Class<?> type, Type[] arguments) {
        if (type == Optional.class) {
            return optional(layoutOf(arguments[0]));
        }
        if (type == List.class) {
            return list(layoutOf(arguments[0]));
        }
        if (type == Set.class) {
            Layout list = list(layoutOf(arguments[0]));
            return new Layout(
                    (output, set) -> list.writer().accept(output, List.copyOf((Set<?>) set)),
                    input -> Set.copyOf((List<?>) list.reader().apply(input)));
        }
        if (type == Map.class || type == SortedMap.class) {
            return map(layoutOf(arguments[0]), layoutOf(arguments[1]));
        }
        return layoutOf(type);
    }

    private static Layout optional(Layout element) {
        return new Layout(
                (output, value) -> FieldFormats.writeOptional(
                        output, (Optional<?>) value, present -> element.writer().accept(output, present)),
                input -> FieldFormats.readOptional(input, () -> element.reader().apply(input)));
    }

    private static Layout list(Layout element) {
        return new Layout(
                (output, values) -> FieldFormats.writeList(
                        output, (List<?>) values, value -> element.writer().accept(output, value)),
                input -> FieldFormats.readList(input, () -> element.reader().apply(input)));
    }

    /** The entries of a map in the order of the keys. */
    private static Layout map(Layout key, Layout value) {
        return new Layout(
                (output, map) -> {
                    Map<Object, Object> sorted = new TreeMap<>((Map<?, ?>) map);
                    FieldFormats.writeList(output, List.copyOf(sorted.entrySet()), entry -> {
                        key.writer().accept(output, entry.getKey());
                        value.writer().accept(output, entry.getValue());
                    });
                },
                input -> {
                    Map<Object, Object> map = new TreeMap<>();
                    int count = FieldFormats.readCount(input, 2);
                    for (int i = 0; i < count; i++) {
                        map.put(key.reader().apply(input), value.reader().apply(input));
                    }
                    return map;
                });
    }

    private static Layout ofEnum(Class<?> type) {
        List<?> constants = List.of(type.getEnumConstants());
        return new Layout((output, constant) -> FieldFormats.writeText(output, ((Enum<?>) constant).name()), input -> {
            String name = FieldFormats.readText(input);
            return constants.stream()
                    .filter(constant -> ((Enum<?>) constant).name().equals(name))
                    .findFirst()
                    .orElseThrow();
        });
    }

    private Layout ofRecord(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        List<Layout> layouts = Stream.of(components)
                .map(component -> layoutOf(component.getGenericType()))
                .toList();
        List<Method> accessors =
                Stream.of(components).map(RecordComponent::getAccessor).toList();
        accessors.forEach(accessor -> accessor.setAccessible(true));
        Constructor<?> constructor = constructorOf(type, components);
        return new Layout(
                (output, value) -> {
                    for (int i = 0; i < accessors.size(); i++) {
                        Method accessor = accessors.get(i);
                        layouts.get(i).writer().accept(output, reflect(() -> accessor.invoke(value)));
                    }
                },
                input -> {
                    List<Object> values = new ArrayList<>(layouts.size());
                    layouts.forEach(layout -> values.add(layout.reader().apply(input)));
                    return reflect(() -> constructor.newInstance(values.toArray()));
                });
    }

    private static Constructor<?> constructorOf(Class<?> type, RecordComponent[] components) {
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Constructor<?> constructor = reflect(() -> type.getDeclaredConstructor(types));
        constructor.setAccessible(true); // a message can be private to its package
        return constructor;
    }

    @FunctionalInterface
    private interface Reflection<R> {
        R call() throws ReflectiveOperationException;
    }

    /** Calls a method or constructor, whose exception says what is wrong with the values. */
    private static <R> R reflect(Reflection<R> call) {
        try {
            return call.call();
        } catch (InvocationTargetException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failure);
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
