// What the page itself says, in the language of the shopper on screen.

const WORDS = {
  en: {
    shoppers: "Shoppers", newShopper: "New shopper", name: "Name", language: "Language of the Telegram app",
    cancel: "Cancel", create: "Create", online: "bot", typing: "typing…", ready: "getting ready… write already, it will answer", reconnecting: "connection lost, trying again…",
    writeAs: "You write as {name}", placeholder: "Message", send: "Send", attach: "More to send", commands: "Commands",
    back: "Back to the shoppers", start: "Start", welcome: "What can this bot do?",
    welcomeText: "Tell it what you are looking for in your own words, in English or Chinese.",
    tryThis: "Try:", sticker: "Sticker", voice: "Voice message", photo: "Photo…", editLast: "Edit last message",
    block: "Block the bot", unblock: "Unblock the bot", editing: "Edit message", edited: "edited", today: "Today",
    yesterday: "Yesterday", thinking: "Thinking…", notSent: "Not sent: the server does not answer.",
    noAnswer: "The bot did not answer this tap.", voiceOf: "Voice message, {seconds} s", jump: "To the newest message",
    nothing: "No messages yet", note: "A local stand-in for Telegram: nothing leaves this computer.", you: "You",
    photoWord: "Photo", voiceWord: "Voice message", unread: "{count} unread", nothingToEdit: "There is no message of yours to edit.",
    paid: "✓ Paid (test)", noCommands: "The bot has not set any commands.", chatWith: "Messages",
  },
  zh: {
    shoppers: "顾客", newShopper: "新顾客", name: "姓名", language: "Telegram 界面语言",
    cancel: "取消", create: "创建", online: "机器人", typing: "正在输入…", ready: "正在准备…可以先留言，稍后回复", reconnecting: "连接已断开，正在重试…",
    writeAs: "当前身份：{name}", placeholder: "输入消息", send: "发送", attach: "发送其他内容", commands: "命令",
    back: "返回顾客列表", start: "开始", welcome: "这个机器人能做什么？",
    welcomeText: "用你自己的话告诉它想买什么，中文、英文都可以。",
    tryThis: "试试：", sticker: "贴纸", voice: "语音消息", photo: "图片…", editLast: "编辑上一条消息",
    block: "屏蔽机器人", unblock: "解除屏蔽", editing: "编辑消息", edited: "已编辑", today: "今天",
    yesterday: "昨天", thinking: "思考中…", notSent: "发送失败：服务器没有响应。",
    noAnswer: "机器人没有响应这次点击。", voiceOf: "语音消息，{seconds} 秒", jump: "跳到最新消息",
    nothing: "还没有消息", note: "本地模拟的 Telegram：数据不会离开这台电脑。", you: "你",
    photoWord: "图片", voiceWord: "语音消息", unread: "{count} 条未读", nothingToEdit: "没有可以编辑的消息。",
    paid: "✓ 已支付（测试）", noCommands: "机器人还没有设置命令。", chatWith: "消息",
  },
};

export const EXAMPLES = ["a red dress under $60", "200元以内的蓝牙耳机"];

let current = WORDS.en;
let locale = "en";

export function useLanguage(code) {
  locale = code && code.startsWith("zh") ? "zh" : "en";
  current = WORDS[locale];
  document.documentElement.lang = locale === "zh" ? "zh-CN" : "en";
}

export function say(key, facts = {}) {
  return current[key].replace(/\{(\w+)\}/g, (_, name) => facts[name]);
}

const dateOf = (seconds) => new Date(seconds * 1000);
const localeTag = () => (locale === "zh" ? "zh-CN" : "en-GB");

export function clockTime(seconds) {
  return dateOf(seconds).toLocaleTimeString(localeTag(), { hour: "2-digit", minute: "2-digit" });
}

export function dayKey(seconds) {
  return dateOf(seconds).toDateString();
}

export function dayName(seconds) {
  const day = dayKey(seconds);
  if (day === new Date().toDateString()) return say("today");
  if (day === new Date(Date.now() - 86400000).toDateString()) return say("yesterday");
  return dateOf(seconds).toLocaleDateString(localeTag(), { day: "numeric", month: "long", year: "numeric" });
}
