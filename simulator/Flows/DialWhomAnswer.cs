using System.Text.Json;

namespace Outdial.Simulator;

/// <summary>What a flow was told to dial. Numbers are E.164; null where the flow's own setting holds.</summary>
/// <param name="Numbers">Empty: nobody.</param>
/// <param name="FetchAfterAttempt">Ask again after each attempt that nobody answered, instead of trying the next number.</param>
/// <param name="Parallel">How many phones may ring at once; 1: one after the other.</param>
/// <param name="EventUrl">Gets the popups of this dialing instead of the flow's address.</param>
public sealed record DialWhomAnswer(
    IReadOnlyList<string> Numbers, bool FetchAfterAttempt = false, ExoPhone? OutgoingNumber = null, bool? Record = null,
    int? MaxRinging = null, int? MaxConversation = null, int Parallel = 1, string? EventUrl = null)
{
    private const int MaxParallel = 5;

    /// <summary>
    /// Reads either form: one number as text, or a Programmable Connect object. The latter strictly: one unknown or wrong
    /// field makes the whole answer invalid. Several numbers in a text are documented nowhere, and invalid.
    /// </summary>
    /// <returns>The answer, or null and what is wrong with it.</returns>
    public static (DialWhomAnswer? Answer, string? Problem) Read(string? contentType, string body, ExoPhones own)
    {
        try
        {
            return contentType is "application/json" ? (ReadJson(body, own), null) : (ReadText(body), null);
        }
        catch (JsonException)
        {
            return (null, "the body is no JSON");
        }
        catch (FormatException e)
        {
            return (null, e.Message);
        }
    }

    private static DialWhomAnswer ReadText(string body) =>
        string.IsNullOrWhiteSpace(body) ? new DialWhomAnswer([])
        : PhoneNumbers.TryRead(body, out var number) ? new DialWhomAnswer([number])
        : throw new FormatException("the text is no phone number");

    private static DialWhomAnswer ReadJson(string body, ExoPhones own)
    {
        using var document = JsonDocument.Parse(body);
        IReadOnlyList<string>? numbers = null;
        var answer = new DialWhomAnswer([]);
        foreach (var field in Members(document.RootElement, "the answer"))
        {
            var value = field.Value;
            switch (field.Name)
            {
                case "destination":
                    numbers = ReadDestination(value);
                    break;
                case "fetch_after_attempt":
                    answer = answer with { FetchAfterAttempt = Flag(value, field.Name) };
                    break;
                case "outgoing_phone_number":
                    answer = answer with { OutgoingNumber = own.ByNumber(Text(value, field.Name)) ?? throw new FormatException("outgoing_phone_number is no own number") };
                    break;
                case "record":
                    answer = answer with { Record = Flag(value, field.Name) };
                    break;
                case "recording_channels":
                    OneOf(value, field.Name, "single", "dual");
                    break;
                case "max_ringing_duration":
                    answer = answer with { MaxRinging = Number(value, field.Name, FlowDefinition.MaxRinging) };
                    break;
                case "max_conversation_duration":
                    answer = answer with { MaxConversation = Number(value, field.Name, FlowDefinition.MaxConversation) };
                    break;
                case "music_on_hold":
                    CheckAudio(value, field.Name, null, "default_tone", "operator_tone", "custom_tone");
                    break;
                case "start_call_playback":
                    CheckAudio(value, field.Name, "playback_to", "text", "audio_url");
                    break;
                case "parallel_ringing":
                    answer = answer with { Parallel = ReadParallel(value) };
                    break;
                case "dial_passthru_event_url":
                    answer = FlowDefinition.IsWebAddress(Text(value, field.Name))
                        ? answer with { EventUrl = value.GetString() }
                        : throw new FormatException("dial_passthru_event_url is no URL");
                    break;
                default:
                    throw new FormatException($"{field.Name} is unknown");
            }
        }
        return answer with { Numbers = numbers ?? throw new FormatException("destination is missing") };
    }

    private static List<string> ReadDestination(JsonElement destination)
    {
        List<string>? numbers = null;
        foreach (var field in Members(destination, "destination"))
        {
            if (field.Name != "numbers" || field.Value.ValueKind != JsonValueKind.Array)
                throw new FormatException(field.Name == "trunk" ? "the account has no such trunk" : $"destination.{field.Name} is unknown or wrong");
            numbers = [];
            foreach (var item in field.Value.EnumerateArray())
            {
                var text = Text(item, "destination.numbers");
                if (text.StartsWith("sip:", StringComparison.Ordinal))
                    continue;   // accepted, and silently not dialed
                if (!PhoneNumbers.TryRead(text, out var number))
                    throw new FormatException("destination.numbers has what is no phone number");
                numbers.Add(number);
            }
        }
        return numbers ?? throw new FormatException("destination.numbers is missing");
    }

    private static int ReadParallel(JsonElement value)
    {
        var (active, most) = (false, 1);
        foreach (var field in Members(value, "parallel_ringing"))
            switch (field.Name)
            {
                case "activate":
                    active = Flag(field.Value, "parallel_ringing.activate");
                    break;
                case "max_parallel_attempts":
                    most = Number(field.Value, "parallel_ringing.max_parallel_attempts", MaxParallel);
                    break;
                default:
                    throw new FormatException($"parallel_ringing.{field.Name} is unknown");
            }
        return active ? most : 1;
    }

    /// <param name="listener">The field that says who hears it; null when there is none.</param>
    private static void CheckAudio(JsonElement value, string name, string? listener, params string[] types)
    {
        foreach (var field in Members(value, name))
            if (field.Name == "type")
                OneOf(field.Value, $"{name}.type", types);
            else if (field.Name == listener)
                OneOf(field.Value, $"{name}.{listener}", "both", "callee");
            else if (field.Name == "value")
                Text(field.Value, $"{name}.value");
            else
                throw new FormatException($"{name}.{field.Name} is unknown");
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : throw new FormatException($"{name} is no object");

    private static string Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"{name} is no text");

    private static bool Flag(JsonElement value, string name) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new FormatException($"{name} is neither true nor false");

    private static int Number(JsonElement value, string name, int max) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 1 && number <= max
            ? number
            : throw new FormatException($"{name} is not from 1 to {max}");

    private static void OneOf(JsonElement value, string name, params string[] words)
    {
        if (!words.Contains(Text(value, name)))
            throw new FormatException($"{name} is none of {string.Join(", ", words)}");
    }
}
