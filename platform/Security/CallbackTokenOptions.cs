using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Outdial.Platform;

/// <summary>The keys that sign callback addresses; section <c>Webhooks</c>.</summary>
public sealed class CallbackTokenOptions
{
    /// <summary>Fewest characters of a key: 256 bits even when every character carries only eight.</summary>
    public const int ShortestKey = 32;

    /// <summary>Signs new tokens and is tried first when one is read. At least 32 characters.</summary>
    public string? SigningKey { get; set; }

    /// <summary>The key before the last rotation: still accepted, never used to sign. At least 32 characters, or absent.</summary>
    public string? SigningKeyPrevious { get; set; }
}

/// <summary>Registration of <see cref="CallbackTokens"/>.</summary>
public static class CallbackTokenRegistration
{
    /// <summary>
    /// Adds <see cref="CallbackTokens"/> and <see cref="CallbackEchoes"/>, and makes their keys obligatory: a service that issues or reads tokens
    /// does not start without a good <c>Webhooks:SigningKey</c>. May be called several times.
    /// </summary>
    public static IHostApplicationBuilder AddCallbackTokens(this IHostApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(CallbackTokens)))
            return builder;

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<CallbackTokens>();
        builder.Services.AddSingleton<CallbackEchoes>();
        builder.Services.AddSingleton<IValidateOptions<CallbackTokenOptions>, CallbackTokenOptionsValidator>();
        builder.Services.AddOptions<CallbackTokenOptions>().BindConfiguration("Webhooks").ValidateOnStart();
        return builder;
    }
}

internal sealed class CallbackTokenOptionsValidator : IValidateOptions<CallbackTokenOptions>
{
    public ValidateOptionsResult Validate(string? name, CallbackTokenOptions options)
    {
        // The value itself is never repeated: it is a secret even when it is a bad one.
        if (string.IsNullOrEmpty(options.SigningKey))
            return ValidateOptionsResult.Fail($"Webhooks:SigningKey is missing: set a random text of {CallbackTokenOptions.ShortestKey} characters or more, the same for every process.");
        if (options.SigningKey.Length < CallbackTokenOptions.ShortestKey)
            return ValidateOptionsResult.Fail($"Webhooks:SigningKey has {options.SigningKey.Length} characters; at least {CallbackTokenOptions.ShortestKey} are needed.");
        if (options.SigningKeyPrevious is { Length: > 0 and < CallbackTokenOptions.ShortestKey } previous)
            return ValidateOptionsResult.Fail($"Webhooks:SigningKeyPrevious has {previous.Length} characters; at least {CallbackTokenOptions.ShortestKey} are needed, or leave it out.");
        return ValidateOptionsResult.Success;
    }
}
