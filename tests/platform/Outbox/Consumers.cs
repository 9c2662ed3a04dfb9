using System.Collections.Concurrent;
using MassTransit;

namespace Outdial.Platform.Tests.Outbox;

public interface IWritten
{
    string Text { get; }
}

/// <summary>Asks for a note.</summary>
public record WriteNote(string Text);

/// <summary>A note was written.</summary>
public record NoteWritten(string Text) : IWritten;

/// <summary>Asks for an answer.</summary>
public record Ask(string Text);

public record Answer(string Text);

/// <summary>Writes a note and says so; on request it fails the first time, after having done both.</summary>
public sealed class WriteNoteConsumer(TestDb db) : IConsumer<WriteNote>, IConsumer<Ask>
{
    private static readonly ConcurrentDictionary<string, int> s_attempts = new();

    public async Task Consume(ConsumeContext<WriteNote> context)
    {
        var text = context.Message.Text;
        var attempt = s_attempts.AddOrUpdate(text, 1, (_, n) => n + 1);
        db.Notes.Add(new Note { TextValue = $"{text} by {attempt}" });
        await context.Publish(new NoteWritten($"{text} by {attempt}"));
        await db.SaveChangesAsync();
        if (text.StartsWith("fail once", StringComparison.Ordinal) && attempt == 1)
            throw new InvalidOperationException("Asked to fail.");
    }

    public Task Consume(ConsumeContext<Ask> context) => context.RespondAsync(new Answer(context.Message.Text + "!"));
}

public sealed class WriteNoteConsumerDefinition : ConsumerDefinition<WriteNoteConsumer>
{
    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<WriteNoteConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseEntityFrameworkOutbox<TestDb>(context);
}

/// <summary>Hears of notes by their interface, in the order of arrival.</summary>
public sealed class Listener(Heard heard) : IConsumer<IWritten>
{
    public Task Consume(ConsumeContext<IWritten> context)
    {
        heard.Add(context.Message.Text, context.MessageId!.Value);
        return Task.CompletedTask;
    }
}

public sealed class Heard
{
    private readonly ConcurrentQueue<(string Text, Guid MessageId)> _all = new();
    public void Add(string text, Guid messageId) => _all.Enqueue((text, messageId));
    public IReadOnlyList<string> Texts => [.. _all.Select(x => x.Text)];
    public Task Until(string text) => TestService.Until(() => Task.FromResult(Texts.Contains(text)), $"hearing of '{text}'");
}
