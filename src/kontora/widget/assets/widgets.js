/* Kontora's widgets, the part for the client's page: makes the iframe or popup, passes on what it tells.
   Served as signin-widget.js and as pdf-widget.js; a page may load either or both. */
(function () {
  'use strict';

  var SIGN_IN_OPTIONS = ['client', 'locale', 'country', 'ownerExternalId', 'showFavicons', 'showScreenshots', 'layout',
    'target', 'widgetEmbeddedUrl', 'styles', 'autoImport', 'screenshotZoomIn', 'showTargetMissingOption',
    'showDefaultTarget', 'showBetaQualityLabels', 'showTargetMissingForm', 'clientIdentity', 'isPopup',
    'dynamicHeight', 'psd2', 'forceTestCredentials', 'accessMode', 'maxImportDate', 'forceSca', 'since'];
  var PDF_OPTIONS = ['client', 'ownerExternalId', 'locale', 'country', 'target', 'styles', 'dynamicHeight', 'layout',
    'showFavicons', 'clientIdentity', 'widgetEmbeddedUrl'];
  var DEEPEST = 5;
  var FRAME_STYLE = {width: '100%', minWidth: '280px', height: '560px', border: '0', display: 'block',
    colorScheme: 'normal'};
  var APPLICATION = ['application', function (options, told) {
    if (told.state === 'widgetInitialized') call(options.onInitialized, [{application: told}]);
    if (told.state === 'unloaded') call(options.onUnloaded, [{application: told}]);
  }];
  var WIDGET_SIZE = ['widgetSize', function (options, told, frame) {
    var height = Math.ceil(Number(told.height));
    if (frame && isTrue(options.dynamicHeight) && height > 0 && height < 20000) frame.style.height = height + 'px';
  }];
  // The first key that a message has decides, in this order.
  var SIGN_IN_MESSAGES = [
    ['screenshot', function (options, told) { call(options.onScreenshotClicked, [told]); }],
    ['error', function (options, told) {
      call(options.onError, [told.cause || told.exception,
        {target: told.target, sessionId: told.sessionId, message: told.message}]);
    }],
    ['unsupportedTarget', function (options, told) { call(options.onUnsupportedTarget, [told]); }],
    ['signedIn', function (options, told) {
      call(options.onSuccess, [told.target, told.sessionId, told.sessionIdSignature, told.options]);
    }],
    APPLICATION,
    ['targetSelected', function (options, told) { call(options.onTargetSelected, [told]); }],
    ['credentialEntered', function (options) { call(options.onCredentialEntered, []); }],
    ['started', function (options) { call(options.onStarted, []); }],
    WIDGET_SIZE
  ];
  var PDF_MESSAGES = [
    ['pdfAccepted', function (options, told) { call(options.onSuccess, [told]); }],
    ['pdfRejected', function (options, told) {
      call(options.onError, [told.exception, {target: told.target, fileName: told.fileName, message: told.message}]);
    }],
    ['pdfFinished', function (options, told) { call(options.onFinished, [told]); }],
    APPLICATION,
    ['targetSelected', function (options, told) { call(options.onTargetSelected, [told]); }],
    ['started', function (options) { call(options.onStarted, []); }],
    WIDGET_SIZE
  ];

  var script = document.currentScript || document.querySelector('script[src*="/assets/signin-widget.js"], script[src*="/assets/pdf-widget.js"]');
  var scriptBase = script.src.replace(/\/assets\/(signin|pdf)-widget\.js.*$/, '');

  function base() {
    var other = window.kontoraTestEnvironment && window.internal_kx_service_url;
    return (other || scriptBase).replace(/\/$/, '');
  }

  function isTrue(value) {
    return value === true || value === 'true' || value === 1 || value === '1';
  }

  function call(callback, given) {
    if (typeof callback === 'function') callback.apply(null, given);
  }

  function pairs(name, value, depth, found) {
    if (value === undefined || value === null || typeof value === 'function' || depth > DEEPEST) return found;
    if (typeof value === 'object') {
      Object.keys(value).forEach(function (key) { pairs(name + '[' + key + ']', value[key], depth + 1, found); });
    } else {
      found.push(encodeURIComponent(name) + '=' + encodeURIComponent(value));
    }
    return found;
  }

  function address(path, names, options, more) {
    var given = {};
    names.forEach(function (name) { given[name] = options[name]; });
    given.widgetEmbeddedUrl = window.location.href;
    Object.keys(more).forEach(function (name) { given[name] = more[name]; });
    var query = names.reduce(function (found, name) { return pairs(name, given[name], 1, found); }, []);
    return base() + path + '?' + query.join('&');
  }

  function signInAddress(path, options, isPopup) {
    var more = {isPopup: isPopup};
    if (options.onScreenshotClicked) more.screenshotZoomIn = true;
    return address(path, SIGN_IN_OPTIONS, options, more);
  }

  function listen(messages, options, source, frame) {
    var origin = new URL(base(), window.location.href).origin;
    var page = null; // the id of the page that speaks to us
    window.addEventListener('message', function (event) {
      var message = event.origin === origin && read(event.data);
      if (!message) return;
      if (event.source && event.source === source()) page = message.page;
      else if (event.source || !page || message.page !== page) return; // a page that is left has no source any more
      var told = message.kontomatik;
      for (var i = 0; i < messages.length; i++) {
        var name = messages[i][0];
        if (told[name] !== undefined && told[name] !== null && told[name] !== false) {
          messages[i][1](options, told[name], frame);
          return;
        }
      }
    });
  }

  function read(data) {
    try {
      var message = typeof data === 'string' ? JSON.parse(data) : data;
      return message && message.kontomatik && typeof message.kontomatik === 'object' ? message : null;
    } catch (error) {
      return null; // a message of somebody else
    }
  }

  function place(options, usualId) {
    var id = options.divId || usualId;
    var element = document.getElementById(id);
    if (!element) {
      var message = 'Unable to embed widget. Reason: missing element with id="' + id + '"';
      window.alert(message);
      throw new Error(message);
    }
    return element;
  }

  function embedFrame(element, title, src, messages, options) {
    var frame = document.createElement('iframe');
    Object.keys(FRAME_STYLE).forEach(function (name) { frame.style[name] = FRAME_STYLE[name]; });
    if (!isTrue(options.layout)) frame.style.maxWidth = '400px';
    frame.title = title;
    frame.setAttribute('scrolling', 'no');
    frame.setAttribute('frameborder', '0');
    listen(messages, options, function () { return frame.contentWindow; }, frame);
    frame.src = src;
    element.appendChild(frame);
  }

  function embed(options) {
    var element = place(options, 'kontomatik');
    embedFrame(element, 'SignIn Widget', signInAddress('/signin/', options, false), SIGN_IN_MESSAGES, options);
  }

  function embedPdf(options) {
    var element = place(options, 'kontomatik-pdf');
    embedFrame(element, 'PDF Widget', address('/pdf/', PDF_OPTIONS, options, {}), PDF_MESSAGES, options);
  }

  function embedPopup(options) {
    var element = place(options, 'kontomatik');
    var button = document.createElement('button');
    var popup = null;
    button.type = 'button';
    button.textContent = options.buttonLabel || 'Kontomatik SignIn';
    button.addEventListener('click', function () {
      popup = window.open(signInAddress('/popup/signin/', options, true), '', 'width=500,height=600,resizable,scrollbars');
    });
    listen(SIGN_IN_MESSAGES, options, function () { return popup; }, null);
    element.appendChild(button);
  }

  window.embedKontora = window.embedKontomatik = window.embedKontox = embed;
  window.embedKontoraPopup = window.embedKontomatikPopup = embedPopup;
  window.embedKontoraPdf = window.embedKontomatikPdf = embedPdf;
})();
